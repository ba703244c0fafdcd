// S39: who the server must prove to be.

#include "tests/tls/handshake_with.hpp"

namespace headrace::test {
namespace {

using Leaf = Certificates::Leaf;

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

// What connecting to `host` gives when the server shows that certificate.
Result<void> connect(const TlsOptions& options, const std::string& host,
                     const Certificates::Files& shown) {
  return handshake_with(options, showing(shown), host);
}

TlsOptions trusting() { return {.ca_file = certificates().ca_file()}; }

struct Case {
  std::string what;
  std::string host;
  Leaf leaf;
  std::vector<std::string> refusal;  // parts of the detail; none: accepted
};

const std::vector<Case> cases{
    {"the name", "cloud.example", {.dns = {"other.example", "cloud.example"}}, {}},
    {"the name with the root's dot", "cloud.example.", {.dns = {"cloud.example"}}, {}},
    {"a wildcard for one label", "a.cloud.example", {.dns = {"*.cloud.example"}}, {}},
    {"an IPv4 address", "127.0.0.1", {.ips = {"127.0.0.1"}}, {}},
    {"an IPv6 address written differently", "0:0::1", {.ips = {"::1"}}, {}},
    {"an IPv6 address with a zone", "fe80::1%lo", {.ips = {"fe80::1"}}, {}},
    {"another name",
     "cloud.example",
     {.dns = {"evil.example"}, .ips = {"10.0.0.7"}},
     {"hostname mismatch", "wanted cloud.example", "has evil.example, 10.0.0.7"}},
    {"many other names",
     "cloud.example",
     {.dns = std::vector<std::string>(20, "other.example")},
     {"hostname mismatch", "has other.example, ", ", ...)"}},
    {"the name as CN only",
     "cloud.example",
     {.common_name = "cloud.example"},
     {"hostname mismatch", "subject CN=cloud.example", "no subjectAltName"}},
    {"the name as CN beside another alternative name",
     "cloud.example",
     {.common_name = "cloud.example", .dns = {"other.example"}},
     {"hostname mismatch"}},
    {"a wildcard for two labels",
     "a.b.cloud.example",
     {.dns = {"*.cloud.example"}},
     {"hostname mismatch"}},
    {"a wildcard for part of a label",
     "www.cloud.example",
     {.dns = {"w*.cloud.example"}},
     {"hostname mismatch"}},
    {"an address as dNSName only",
     "127.0.0.1",
     {.dns = {"127.0.0.1"}},
     {"IP address mismatch", "wanted 127.0.0.1"}},
    {"an address as CN only", "::1", {.common_name = "::1"}, {"IP address mismatch"}},
    {"another address", "127.0.0.1", {.ips = {"127.0.0.2"}}, {"has 127.0.0.2"}},
    {"the name, expired",
     "cloud.example",
     {.dns = {"cloud.example"}, .expired = true},
     {"certificate has expired", "; it ended "}},
    {"the name, too early",
     "cloud.example",
     {.dns = {"cloud.example"}, .not_yet_valid = true},
     {"certificate is not yet valid", "; it begins "}},
};

void check_refusal(const Result<void>& outcome, const std::vector<std::string>& parts) {
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::tls_failed);
  CHECK(outcome.error().phase == Phase::tls);
  CHECK(outcome.error().system_code != 0);
  CHECK(outcome.error().detail.starts_with("certificate verify failed: "));
  for (const std::string& part : parts) {
    INFO(outcome.error().detail);
    CHECK(outcome.error().detail.find(part) != std::string::npos);
  }
}

TEST_CASE("S39: a certificate is accepted for the names it has, and refused with the reason") {
  for (const Case& c : cases) {
    INFO(c.what);
    const Result<void> outcome = connect(trusting(), c.host, certificates().issue(c.leaf));
    if (c.refusal.empty()) {
      INFO((outcome ? "" : outcome.error().detail));
      CHECK(outcome);
    } else {
      check_refusal(outcome, c.refusal);
    }
  }
}

TEST_CASE("S39: a host that begins with a dot does not stand for the names below it") {
  const auto context = context_for(trusting());
  const auto session = context->connect({.origin = "https://a:443", .host = ".cloud.example"});
  REQUIRE_FALSE(session);
  CHECK(session.error().code == ErrorCode::tls_failed);
  CHECK(holds(session.error().detail, "\".cloud.example\": it begins with a dot"));
}

TEST_CASE("S39: a chain that ends at no trusted authority is refused") {
  const Leaf leaf{.dns = {"cloud.example"}};
  check_refusal(connect(trusting(), "cloud.example", Certificates().issue(leaf)),
                {"unable to get local issuer certificate", "name it in the CA file"});
  check_refusal(connect(trusting(), "cloud.example", certificates().self_signed(leaf)),
                {"self-signed certificate", "subject CN=headrace test server"});
  check_refusal(connect({}, "cloud.example", certificates().issue(leaf)),
                {"unable to get local issuer certificate"});
}

TEST_CASE("S39: a certificate that signed itself is accepted where the CA file names it") {
  const auto files = certificates().self_signed({.dns = {"cloud.example"}});
  CHECK(connect({.ca_file = files.chain_file}, "cloud.example", files));
}

TEST_CASE("S39: insecure accepts every certificate") {
  for (const Case& c : cases) {
    INFO(c.what);
    CHECK(connect({.insecure = Insecure::anything}, c.host, certificates().self_signed(c.leaf)));
  }
}

TEST_CASE("what a certificate says is escaped and cut in an error") {
  const auto files = certificates().issue(
      {.common_name = "two\r\nlines", .dns = {std::string(250, 'a') + ".example"}});
  const Result<void> outcome = connect(trusting(), "cloud.example", files);
  check_refusal(outcome, {"two\\0D\\0Alines", "aaaa..."});
  CHECK(outcome.error().detail.size() < 500);
}

TEST_CASE("names of any bytes are escaped too, as they are few that fit an error") {
  const auto files = certificates().issue({.dns = {"two\r\nlines\x7f\xff.example"}});
  check_refusal(connect(trusting(), "cloud.example", files),
                {"has two\\x0d\\x0alines\\x7f\\xff.example"});
}

}  // namespace
}  // namespace headrace::test
