// S45: where hosts are, and which way leads there.

#include "tests/c/scene.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;

namespace {

template <class T>
T sized() {
  T made{};
  made.struct_size = sizeof(made);
  return made;
}

}  // namespace

TEST_CASE("S45: a host is where the options say") {
  ScriptedServer server;
  server.serve(echo_targets);
  const hr_str addresses[] = {str("127.0.0.9"), str("127.0.0.1")};
  hr_host_addresses entry = sized<hr_host_addresses>();
  entry.host = str("cloud.example");
  entry.addresses = addresses;
  entry.addresses_count = 2;
  hr_options given = options();
  given.host_addresses = &entry;
  given.host_addresses_count = 1;
  const std::string url = server.url_by_name("cloud.example", "/there");
  CHECK(body_of(submit(engine(given), get(url))) == "/there");

  entry.port = 65536;
  CHECK(refusal(given).find("hr_host_addresses.port is 65536") != std::string::npos);
  entry.port = 0;
  entry.addresses = nullptr;
  CHECK(refusal(given).find("hr_host_addresses.addresses is null") != std::string::npos);
  given.host_addresses = nullptr;
  CHECK(refusal(given).find("hr_options.host_addresses is null") != std::string::npos);
}

TEST_CASE("S45: one origin is behind a Unix socket, another behind no proxy") {
  const TemporaryDirectory folder;
  const std::string path = folder / "socket";
  ScriptedServer local{std::filesystem::path(path)};
  local.serve(echo_targets);
  ScriptedServer remote;
  remote.serve(echo_targets);
  const std::string remote_origin = remote.url("");
  hr_origin_options origins[] = {sized<hr_origin_options>(), sized<hr_origin_options>()};
  origins[0].origin = str("http://local.example");
  origins[0].unix_socket = str(path);
  origins[1].origin = str(remote_origin);
  origins[1].proxy = str("direct://");
  hr_options given = options();
  given.http_proxy = str("http://127.0.0.1:1");  // where nobody listens
  given.origins = origins;
  given.origins_count = 2;
  const EngineHandle cloud = engine(given);
  CHECK(body_of(submit(cloud, get("http://local.example/a"))) == "/a");
  const std::string url = remote.url("/b");
  CHECK(body_of(submit(cloud, get(url))) == "/b");

  origins[1].proxy = str("ftp://proxy.example");
  CHECK(refusal(given).find("option origins[1].proxy") != std::string::npos);
}
