// Ways to a server that need no resolver: addresses by option, Unix sockets.

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("a host is where the options say; Host and TLS keep its name") {
  const Certificates authority;
  const auto files = authority.issue({.dns = {"cloud.example"}});
  ScriptedServer server(showing(files));
  Options options = on_one_connection();
  options.tls.ca_file = authority.ca_file();
  options.host_addresses = {{"cloud.example", server.port(), {"127.0.0.1"}}};
  Engine engine(options);
  Future<Response> call = engine.get(server.url_by_name("cloud.example", "/a"));
  Peer peer = server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.field("Host") == "cloud.example:" + std::to_string(server.port()));
  CHECK(request.target == "/a");
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}

TEST_CASE("the first address of a host refuses, so the next one is taken") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.host_addresses = {{"cloud.example", 0, {"127.0.0.9", "127.0.0.1"}}};
  Engine engine(options);
  Future<Response> call = engine.get(server.url_by_name("cloud.example"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}

TEST_CASE("requests go by a Unix socket, pipelined, with Host and TLS name of their URL") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = folder / "socket";
  const Certificates authority;
  const auto files = authority.issue({.dns = {"cloud.example"}});
  const bool tls = GENERATE(false, true);
  std::optional<ServerTls> settings;
  if (tls) settings = showing(files);
  ScriptedServer server(path, settings);
  const std::string origin = tls ? "https://cloud.example" : "http://cloud.example";
  Options options = on_one_connection();
  options.tls.ca_file = authority.ca_file();
  options.origins = {{.origin = origin, .unix_socket = path}};
  Engine engine(options);

  Future<Response> first = engine.get(origin + "/1");
  Peer peer = server.accept();
  CHECK(peer.read_request().field("Host") == "cloud.example");
  peer.send(ok("one"));
  CHECK(body_of(first) == "one");
  auto calls = engine.submit_all({{.url = origin + "/2"}, {.url = origin + "/3"}});
  CHECK(targets(peer.read_together()) == Targets{"/2", "/3"});
  peer.send(ok("two") + ok("three"));
  CHECK(body_of(calls[0]) == "two");
  CHECK(body_of(calls[1]) == "three");
}

TEST_CASE("more than a Unix socket's buffer holds goes both ways") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = folder / "socket";
  ScriptedServer server(path);
  Options options = on_one_connection();
  options.unix_socket = path;
  Engine engine(options);
  const std::string body(4'000'000, 'x');
  Future<Response> call =
      engine.submit({.method = "POST", .url = "http://any.example/", .body = body});
  Peer peer = server.accept();
  CHECK(peer.read_request().body == body);
  peer.send(ok(body));
  CHECK(body_of(call) == body);
}

TEST_CASE("a Unix socket that is not there is an error that names it") {
  const TemporaryDirectory folder;
  Options options = on_one_connection();
  options.connect_attempts = 1;
  options.unix_socket = folder / "missing";
  Engine engine(options);
  Future<Response> call = engine.get("http://any.example/");
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connect_failed);
  CHECK(error.detail ==
        "cannot connect to unix:" + options.unix_socket + ": no such file or directory (ENOENT)");
}
