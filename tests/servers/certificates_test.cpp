// Certificates of every kind, shown by one live server to headrace and to `openssl s_client`: both
// must come to the same verdict, and headrace must give the reason that OpenSSL gives.

#include "tests/support/certificates.hpp"
#include "headrace/headrace.hpp"
#include "tests/servers/openssl_client.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::string_literals;

namespace {

const Certificates& ours() {
  static const Certificates made;
  return made;
}

const Certificates& others() {
  static const Certificates made;
  return made;
}

struct Case {
  std::string what;
  std::string host;
  Certificates::Files shown;
  std::string refusal;       // part of our error; empty: accepted
  std::string differs = {};  // why we do not go by s_client's verdict, which must be the opposite
  std::string crl_file = {};
  std::string client_ca_file = {};  // the server wants a client certificate of its
  Certificates::Files client = {};
};

Certificates::Files named(std::vector<std::string> dns) { return ours().issue({.dns = dns}); }

std::vector<Case> names() {
  const std::string mismatch = "hostname mismatch";
  const std::string partial = "a wildcard stands for a whole label (RFC 9525 §6.3)";
  return {
      {"the name", "cloud.example", named({"other.example", "cloud.example"}), ""},
      {"the name in other letters", "cloud.example", named({"CLOUD.Example"}), ""},
      {"the name of its parent", "a.cloud.example", named({"cloud.example"}), mismatch},
      {"another name", "cloud.example", named({"evil.example"}), mismatch},
      {"a name that goes on", "cloud.example", named({"cloud.example.evil.example"}), mismatch},
      {"the name before a NUL", "cloud.example", named({"cloud.example\0.evil.example"s}),
       mismatch},
      {"the name after a NUL", "cloud.example", named({"evil.example\0cloud.example"s}), mismatch},
      {"a wildcard", "a.example.com", named({"*.example.com"}), ""},
      {"a wildcard for two labels", "a.b.example.com", named({"*.example.com"}), mismatch},
      {"a wildcard for no label", "example.com", named({"*.example.com"}), mismatch},
      {"a wildcard under a top domain", "example.com", named({"*.com"}), mismatch},
      {"a wildcard for everything", "localhost", named({"*"}), mismatch},
      {"a wildcard that is not the first label", "a.b.example.com", named({"a.*.example.com"}),
       mismatch},
      {"two wildcards", "a.b.example.com", named({"*.*.example.com"}), mismatch},
      {"a wildcard for the end of a label", "foo.example.com", named({"f*.example.com"}), mismatch,
       partial},
      {"a wildcard for the beginning of a label", "foo.example.com", named({"*o.example.com"}),
       mismatch, partial},
      {"a wildcard for nothing of a label", "f.example.com", named({"f*.example.com"}), mismatch,
       partial},
      {"a wildcard within an IDNA label", "xn--foo.example.com", named({"xn--*.example.com"}),
       mismatch},
      {"a wildcard for a whole IDNA label", "xn--foo.example.com", named({"*.example.com"}), ""},
      {"the name as CN alone", "cloud.example", ours().issue({.common_name = "cloud.example"}),
       mismatch, "only subjectAltName counts (RFC 9110 §4.3.4)"},
      {"the name as CN beside others", "cloud.example",
       ours().issue({.common_name = "cloud.example", .dns = {"other.example"}}), mismatch},
      {"the name in the CN before a NUL", "cloud.example",
       ours().issue({.common_name = "cloud.example\0.evil.example"s}), mismatch},
  };
}

std::vector<Case> addresses() {
  const std::string mismatch = "IP address mismatch";
  return {
      {"the address", "127.0.0.1", ours().issue({.ips = {"::1", "127.0.0.1"}}), ""},
      {"the address, IPv6", "::1", ours().issue({.ips = {"::1"}}), ""},
      {"the address, IPv6 written at length", "0:0:0:0:0:0:0:1", ours().issue({.ips = {"::1"}}),
       ""},
      {"another address", "127.0.0.1", ours().issue({.ips = {"127.0.0.2"}}), mismatch},
      {"the address as a name", "127.0.0.1", named({"127.0.0.1"}), mismatch},
      {"the address as CN", "127.0.0.1", ours().issue({.common_name = "127.0.0.1"}), mismatch},
      {"a name for an address", "cloud.example", ours().issue({.ips = {"127.0.0.1"}}),
       "hostname mismatch"},
  };
}

std::vector<Case> chains() {
  const std::string host = "cloud.example";
  const Certificates::Leaf leaf{.dns = {host}};
  const auto revoked = ours().issue(leaf);
  return {
      {"expired", host, ours().issue({.dns = {host}, .expired = true}), "certificate has expired"},
      {"not yet valid", host, ours().issue({.dns = {host}, .not_yet_valid = true}),
       "certificate is not yet valid"},
      {"an unknown authority", host, others().issue(leaf), "unable to get local issuer"},
      {"signed by itself", host, ours().self_signed(leaf), "self-signed certificate"},
      {"a whole chain", host, ours().issue_by_intermediate(leaf, true), ""},
      {"an incomplete chain", host, ours().issue_by_intermediate(leaf, false),
       "the server lacks certificates between"},
      {"a key of 1024 bits", host, ours().issue({.dns = {host}, .rsa_bits = 1024}),
       "EE certificate key too weak"},
      {"a signature with SHA-1", host, ours().issue({.dns = {host}, .sha1 = true}),
       "signature digest algorithm too weak"},
      {"for clients", host, ours().issue({.dns = {host}, .usage = "clientAuth"}),
       "certificate purpose"},
      {"revoked", host, revoked, "certificate revoked", "", ours().revocation_list(revoked)},
      {"not revoked", host, ours().issue(leaf), "", "", ours().revocation_list(revoked)},
      {"no list", host, ours().issue(leaf), "unable to get certificate CRL", "",
       others().revocation_list()},
  };
}

std::vector<Case> clients() {
  const std::string host = "cloud.example";
  const Certificates::Leaf leaf{.dns = {host}};
  const auto wanting = [&](std::string what, std::string refusal, Certificates::Files client) {
    return Case{.what = std::move(what),
                .host = host,
                .shown = ours().issue(leaf),
                .refusal = std::move(refusal),
                .client_ca_file = ours().ca_file(),
                .client = std::move(client)};
  };
  const std::string refused = "the server does not accept the client certificate";
  return {
      wanting("a client certificate", "", ours().issue({.usage = "clientAuth"})),
      wanting("no client certificate", "the server asks for a client certificate", {}),
      wanting("a client certificate of others", refused, others().issue({.usage = "clientAuth"})),
      wanting("an expired client certificate", refused,
              ours().issue({.expired = true, .usage = "clientAuth"})),
      wanting("a server's certificate for a client", refused, ours().issue({})),
  };
}

Error ask_headrace(const ScriptedServer& server, const Case& c) {
  Options options{.connections_max = 1, .attempts_max = 1, .connect_attempts = 1};
  options.tls = {.ca_file = ours().ca_file(),
                 .crl_file = c.crl_file,
                 .certificate_file = c.client.chain_file,
                 .key_file = c.client.key_file};
  options.origins = {{.origin = server.url(), .server_name = c.host}};
  Engine engine(options);
  const Result<Response> answer = engine.get(server.url()).wait();
  return answer ? Error{.detail = "accepted"} : answer.error();
}

OpensslVerdict ask_openssl(const ScriptedServer& server, const Case& c) {
  std::vector<std::string> arguments{"-CAfile", ours().ca_file()};
  if (!c.crl_file.empty())
    arguments.insert(arguments.end(), {"-crl_check_all", "-CRL", c.crl_file});
  if (!c.client.chain_file.empty())
    arguments.insert(arguments.end(), {"-cert", c.client.chain_file, "-key", c.client.key_file});
  return test::ask_openssl(server.port(), c.host, std::move(arguments));
}

void compare(const Case& c, int version) {
  INFO(c.what << " over " << (version == TLS1_2_VERSION ? "TLS 1.2" : "TLS 1.3"));
  ScriptedServer server(ServerTls{.chain_file = c.shown.chain_file,
                                  .key_file = c.shown.key_file,
                                  .version_max = version,
                                  .security_level = 0,
                                  .client_ca_file = c.client_ca_file});
  server.serve([](Peer& peer) {
    peer.read_request();
    peer.send(ok("", "Connection: close\r\n"));
    peer.close();
  });
  const Error error = ask_headrace(server, c);
  const OpensslVerdict openssl = ask_openssl(server, c);
  server.stop();

  INFO("headrace: " << error.detail << "\nopenssl: " << openssl.output);
  const bool accepted = error.detail == "accepted";
  CHECK(accepted == c.refusal.empty());
  CHECK(openssl.answered == (accepted == c.differs.empty()));
  if (!accepted) {
    CHECK(error.code == ErrorCode::tls_failed);
    CHECK(error.detail.find(c.refusal) != std::string::npos);
    CHECK(error.detail.find(openssl.reason) != std::string::npos);
  }
  if (c.client_ca_file.empty() && c.differs.empty()) CHECK(openssl.reason.empty() == accepted);
}

}  // namespace

TEST_CASE("S39: certificates are judged as openssl s_client judges them, with its reasons") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  for (const auto& cases : {names(), addresses(), chains(), clients()})
    for (const Case& c : cases) compare(c, version);
}
