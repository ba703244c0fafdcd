// S45: options.

#include <cstring>
#include <iterator>

#include "tests/c/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace::test;

namespace {

struct Number {
  const char* name;
  std::int64_t hr_options::* option;
};

constexpr Number numbers[] = {
    {"loops", &hr_options::loops},
    {"connections_max", &hr_options::connections_max},
    {"connections_total_max", &hr_options::connections_total_max},
    {"pipeline_depth", &hr_options::pipeline_depth},
    {"attempts_max", &hr_options::attempts_max},
    {"retry_pause_ms", &hr_options::retry_pause_ms},
    {"retry_pause_max_ms", &hr_options::retry_pause_max_ms},
    {"connect_attempts", &hr_options::connect_attempts},
    {"timeout_ms", &hr_options::timeout_ms},
    {"connect_timeout_ms", &hr_options::connect_timeout_ms},
    {"tls_timeout_ms", &hr_options::tls_timeout_ms},
    {"write_timeout_ms", &hr_options::write_timeout_ms},
    {"first_byte_timeout_ms", &hr_options::first_byte_timeout_ms},
    {"body_timeout_ms", &hr_options::body_timeout_ms},
    {"hang_timeout_ms", &hr_options::hang_timeout_ms},
    {"idle_timeout_ms", &hr_options::idle_timeout_ms},
    {"connection_lifetime_ms", &hr_options::connection_lifetime_ms},
    {"connection_requests_max", &hr_options::connection_requests_max},
    {"in_flight_max", &hr_options::in_flight_max},
    {"queue_requests_max", &hr_options::queue_requests_max},
    {"queue_bytes_max", &hr_options::queue_bytes_max},
    {"head_bytes_max", &hr_options::head_bytes_max},
    {"head_fields_max", &hr_options::head_fields_max},
    {"body_bytes_max", &hr_options::body_bytes_max},
    {"informational_max", &hr_options::informational_max},
};

// The option that a refusal names.
std::string refused(const hr_options& given) {
  const std::string said = refusal(given);
  CAPTURE(said);
  REQUIRE(said.starts_with("invalid_argument: hr_options."));
  return said.substr(29, said.find(' ', 29) - 29);
}

hr_tls_options tls_options() {
  hr_tls_options tls{};
  tls.struct_size = sizeof(tls);
  return tls;
}

hr_origin_options origin_options() {
  hr_origin_options origin{};
  origin.struct_size = sizeof(origin);
  return origin;
}

}  // namespace

TEST_CASE("S45: no options are all defaults") {
  hr_error* error = nullptr;
  const EngineHandle cloud(hr_engine_create(nullptr, &error));
  CHECK(cloud);
  CHECK(error == nullptr);
  const EngineHandle other(hr_engine_create(nullptr, nullptr));
  CHECK(other);
}

TEST_CASE("S45: each number out of range is refused by its name") {
  for (const Number& number : numbers) {
    hr_options given = options();
    given.*number.option = -2;
    CHECK(refused(given) == number.name);
  }
}

TEST_CASE("S45: a number that the engine has less room for is refused, not cut") {
  hr_options given = options();
  given.connections_max = std::int64_t{1} << 32U;
  CHECK(refused(given) == "connections_max");
}

TEST_CASE("S45: none is what the engine says to it") {
  for (const Number& number : numbers) {
    hr_options given = options();
    given.*number.option = HR_NONE;
    const std::string said = refusal(given);
    const std::string name(number.name, std::strlen(number.name));
    const std::string in_engine = name.ends_with("_ms") ? name.substr(0, name.size() - 3) : name;
    CAPTURE(said);
    CHECK((said == "made" || said.find(in_engine + " is 0") != std::string::npos));
  }
}

TEST_CASE("S45: choices, flags, rates and arrays are checked") {
  hr_options given = options();
  given.pipelining = 4;
  CHECK(refused(given) == "pipelining");
  given = options();
  given.pipeline_put_delete = 2;
  CHECK(refused(given) == "pipeline_put_delete");
  given = options();
  given.requests_per_second = -2;
  CHECK(refused(given) == "requests_per_second");
  given = options();
  given.retry_statuses_count = 1;
  CHECK(refused(given) == "retry_statuses");
  given = options();
  given.origins_count = 1;
  CHECK(refused(given) == "origins");
  given = options();
  given.base_url.size = 1;
  CHECK(refused(given) == "base_url");
  given = options();
  given.profiles.size = 1;
  CHECK(refused(given) == "profiles");
  const std::int32_t statuses[] = {429, 42};
  given = options();
  given.retry_statuses = statuses;
  given.retry_statuses_count = 2;
  CHECK(refusal(given).find("retry_statuses is 42") != std::string::npos);
}

TEST_CASE("S45: options do what they say: retries, depth and pipelining") {
  ScriptedServer server;
  const std::int32_t statuses[] = {503};
  hr_options given = options();
  given.retry_statuses = statuses;
  given.retry_statuses_count = 1;
  given.retry_pause_ms = HR_NONE;
  given.connections_max = 1;
  given.pipelining = HR_PIPELINING_OFF;
  const EngineHandle cloud = engine(given);
  const FutureHandle call = submit(cloud, get(server.url("/busy")));
  const FutureHandle behind = submit(cloud, get(server.url("/behind")));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/busy");
  peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
  std::vector<ReceivedRequest> next = peer.read_together();
  CHECK(next.size() == 1);
  peer.send(ok(next.front().target));
  next = peer.read_together();
  CHECK(next.size() == 1);
  peer.send(ok(next.front().target));
  CHECK(body_of(call) == "/busy");
  CHECK(hr_future_response(call.get())->attempts == 2);
  CHECK(body_of(behind) == "/behind");
}

TEST_CASE("S45: what holds for one origin does not for others") {
  ScriptedServer server;
  hr_options given = options();
  given.connections_max = 1;
  hr_origin_options origin = origin_options();
  const std::string its = server.url("");
  origin.origin = str(its);
  origin.pipelining = HR_PIPELINING_OFF;
  origin.in_flight_max = 1;
  origin.requests_per_second = HR_NONE;
  given.origins = &origin;
  given.origins_count = 1;
  const EngineHandle cloud = engine(given);
  const FutureHandle first = submit(cloud, get(server.url("/1")));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok());
  CHECK(body_of(first).empty());
  const FutureHandle second = submit(cloud, get(server.url("/2")));
  const FutureHandle third = submit(cloud, get(server.url("/3")));
  CHECK(peer.read_together().size() == 1);
  peer.send(ok());
  CHECK(peer.read_together().size() == 1);
  peer.send(ok());
  CHECK(body_of(third).empty());

  origin.reserved = 1;
  CHECK(refusal(given).find("hr_origin_options.reserved is 1") != std::string::npos);
  origin = origin_options();
  origin.in_flight_max = -2;
  CHECK(refusal(given).find("hr_origin_options.in_flight_max is -2") != std::string::npos);
}

TEST_CASE(
    "S45: TLS verifies by the authority that is given, shows a certificate and keeps secrets") {
  const Certificates made;
  const auto leaf = made.issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  const auto own = made.issue({.common_name = "client", .usage = "clientAuth"});
  ScriptedServer server(showing(leaf));
  server.serve(echo_targets);

  hr_tls_options tls = tls_options();
  const std::string ca = made.ca_file();
  const std::string key = made.encrypted_key(own, "a secret");
  tls.ca_file = str(ca);
  tls.certificate_file = str(own.chain_file);
  tls.key_file = str(key);
  std::string passphrase = "a secret";
  tls.key_passphrase_context = &passphrase;
  tls.key_passphrase = [](void* context, char* buffer, std::size_t size) {
    const auto& given = *static_cast<std::string*>(context);
    std::memcpy(buffer, given.data(), std::min(size, given.size()));
    return static_cast<std::ptrdiff_t>(given.size());
  };
  hr_options given = options();
  given.tls = &tls;
  {
    const EngineHandle cloud = engine(given);
    CHECK(body_of(submit(cloud, get(server.url("/safe")))) == "/safe");
  }
  passphrase = "another secret";
  CHECK(refusal(given).starts_with("tls_failed: "));
  CHECK(refusal(given).find("secret") == std::string::npos);
  tls.key_passphrase = [](void*, char*, std::size_t) { return std::ptrdiff_t{-1}; };
  CHECK(refusal(given).starts_with("tls_failed: "));
  tls.key_passphrase = [](void*, char*, std::size_t size) {
    return static_cast<std::ptrdiff_t>(size + 1);
  };
  CHECK(refusal(given).starts_with("tls_failed: "));

  tls = tls_options();
  const EngineHandle distrustful = engine(given);
  CHECK(error_of(submit(distrustful, get(server.url("/")))).code == HR_TLS_FAILED);
  tls.insecure = HR_INSECURE_ANYTHING;
  tls.version_min = HR_TLS_1_3;
  const EngineHandle careless = engine(given);
  CHECK(body_of(submit(careless, get(server.url("/careless")))) == "/careless");
}

TEST_CASE("S45: each TLS option is read and named") {
  const auto refused_tls = [](auto change) {
    hr_tls_options tls = tls_options();
    change(tls);
    hr_options given = options();
    given.tls = &tls;
    return refusal(given);
  };
  const hr_str absent = str("/nonexistent/file.pem");
  using Tls = hr_tls_options;
  for (hr_str Tls::* file : {&Tls::ca_file, &Tls::ca_directory, &Tls::crl_file,
                             &Tls::certificate_file, &Tls::key_log_file})
    CHECK(refused_tls([&](Tls& tls) { tls.*file = absent; }).find("/nonexistent/file.pem") !=
          std::string::npos);
  for (hr_str Tls::* text : {&Tls::ca_file, &Tls::ca_directory, &Tls::ca_pem, &Tls::crl_file,
                             &Tls::certificate_file, &Tls::certificate_pem, &Tls::key_file,
                             &Tls::key_pem, &Tls::ciphers, &Tls::ciphersuites, &Tls::key_log_file})
    CHECK(refused_tls([&](Tls& tls) {
            (tls.*text).size = 1;
          }).starts_with("invalid_argument: hr_tls_options."));
  for (hr_str Tls::* text : {&Tls::ca_pem, &Tls::ciphers, &Tls::ciphersuites})
    CHECK(refused_tls([&](Tls& tls) { tls.*text = str("nonsense"); }) != "made");
  CHECK(refused_tls([](Tls& tls) { tls.version_min = 3; }).find("version_min is 3") !=
        std::string::npos);
  CHECK(refused_tls([](Tls& tls) { tls.insecure = 3; }).find("insecure is 3") != std::string::npos);
}

TEST_CASE("S45: proxies and a Unix socket are ways in") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    for (;;) {
      const ReceivedRequest request = peer.read_request();
      peer.send(ok(request.target + " " + request.field("Proxy-Authorization").value_or("none")));
    }
  });
  const std::string proxy = "http://me:s%40cret@" + server.url("").substr(7);
  hr_options given = options();
  given.http_proxy = str(proxy);
  given.no_proxy = str("near.example");
  CHECK(body_of(submit(engine(given), get("http://far.example/x"))) ==
        "http://far.example/x Basic bWU6c0BjcmV0");
  given.https_proxy = str("http://me:secret%@p");
  CHECK(refusal(given).contains("hr_options.https_proxy has a %"));
  CHECK_FALSE(refusal(given).contains("secret"));
  given.https_proxy = str("gopher://p");
  CHECK_FALSE(refusal(given) == "made");

  hr_options local = options();
  local.unix_socket = str("/nowhere/at/all");
  CHECK(error_of(submit(engine(local), get("http://h/"))).code == HR_CONNECT_FAILED);
}
