// S39: whom the options trust, and what they say when they cannot be followed.

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <filesystem>

#include "engine/tls/pem.hpp"
#include "engine/tls/trust.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/tls/handshake_with.hpp"

namespace headrace::test {
namespace {

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

ServerTls server() {
  static const auto files = certificates().issue({.dns = {"cloud.example"}});
  return showing(files);
}

TEST_CASE("S39: authorities are trusted from a file, a directory and memory, and together") {
  const Certificates others;
  const std::string pem = read_file(certificates().ca_file());
  CHECK(handshake_with({.ca_file = certificates().ca_file()}, server()));
  CHECK(handshake_with({.ca_directory = certificates().ca_directory()}, server()));
  CHECK(handshake_with({.ca_pem = pem}, server()));
  CHECK(handshake_with({.ca_file = others.ca_file(), .ca_pem = pem}, server()));
  CHECK(handshake_with(
      {.ca_directory = others.ca_directory(), .ca_pem = "words before it\n" + pem + "and after it"},
      server()));
  CHECK(handshake_with({.ca_pem = read_file(others.ca_file()) + pem}, server()));
}

TEST_CASE("S39: whoever names authorities does not trust others, nor the system's") {
  const Certificates others;
  for (const TlsOptions& options : {TlsOptions{}, TlsOptions{.ca_file = others.ca_file()},
                                    TlsOptions{.ca_directory = others.ca_directory()},
                                    TlsOptions{.ca_pem = read_file(others.ca_file())}}) {
    const Result<void> outcome = handshake_with(options, server());
    INFO(detail_of(outcome));
    CHECK_FALSE(outcome);
    CHECK(holds(detail_of(outcome), "unable to get local issuer certificate"));
    CHECK(holds(detail_of(outcome), "its authority CN=authority of headrace-test-"));
  }
}

// Any authority that the distribution ships.
tls::Certificate one_of_the_systems() {
  for (const auto& entry : std::filesystem::directory_iterator(X509_get_default_cert_dir())) {
    if (entry.path().extension() != ".0") continue;
    tls::Bio file(BIO_new_file(entry.path().c_str(), "r"));
    return tls::Certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  }
  FAIL("install ca-certificates: the system has no authority");
  return nullptr;
}

bool trusts(const TlsOptions& options, X509* certificate) {
  const TlsContext context(SSL_CTX_new(TLS_client_method()));
  REQUIRE(tls::trust(context.get(), options));
  const std::unique_ptr<X509_STORE_CTX, tls::Freed<X509_STORE_CTX_free>> verification(
      X509_STORE_CTX_new());
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  REQUIRE(X509_STORE_CTX_init(verification.get(), store, certificate, nullptr) == 1);
  return X509_verify_cert(verification.get()) == 1;
}

TEST_CASE("S39: the system's authorities are trusted unless some are named") {
  const tls::Certificate certificate = one_of_the_systems();
  REQUIRE(certificate);
  CHECK(trusts({}, certificate.get()));
  CHECK_FALSE(trusts({.ca_file = certificates().ca_file()}, certificate.get()));
  CHECK_FALSE(trusts({.ca_directory = certificates().ca_directory()}, certificate.get()));
  CHECK_FALSE(trusts({.ca_pem = read_file(certificates().ca_file())}, certificate.get()));
}

TEST_CASE("S39: insecure has two grades") {
  const Certificates others;
  const ServerTls wrong_name = showing(certificates().issue({.dns = {"other.example"}}));
  const ServerTls unknown = showing(others.issue({.dns = {"cloud.example"}}));
  TlsOptions options{.ca_file = certificates().ca_file()};
  CHECK_FALSE(handshake_with(options, wrong_name));
  CHECK_FALSE(handshake_with(options, unknown));
  options.insecure = Insecure::any_name;
  CHECK(handshake_with(options, wrong_name));
  CHECK(handshake_with(options, wrong_name, "127.0.0.1"));
  CHECK(holds(detail_of(handshake_with(options, unknown)), "unable to get local issuer"));
  options.insecure = Insecure::anything;
  CHECK(handshake_with(options, wrong_name));
  CHECK(handshake_with(options, unknown));
}

TEST_CASE("S39: a revocation list refuses whom it names, and whoever has none") {
  const Certificates others;
  const auto revoked = certificates().issue({.dns = {"cloud.example"}});
  TlsOptions options{.ca_file = certificates().ca_file(),
                     .crl_file = certificates().revocation_list(revoked)};
  CHECK(holds(detail_of(handshake_with(options, showing(revoked))), "certificate revoked"));
  CHECK(handshake_with(options, server()));
  options.crl_file = certificates().revocation_list();
  CHECK(handshake_with(options, showing(revoked)));
  options.crl_file = others.revocation_list();
  const std::string refusal = detail_of(handshake_with(options, server()));
  CHECK(holds(refusal, "unable to get certificate CRL"));
  CHECK(holds(refusal, "the CRL file has no list of CN=authority of"));
}

TEST_CASE("what is to be trusted and cannot be read is an error that names it and the reason") {
  const std::string certificate = certificates().ca_file();
  const std::string key = certificates().issue({}).key_file;
  const std::string folder = certificates().directory();
  std::string broken = read_file(certificate);
  broken.insert(broken.size() / 2, "!!!");
  struct Case {
    TlsOptions options;
    std::vector<std::string> parts;
  };
  const std::vector<Case> cases{
      {{.ca_file = "/no/ca.pem"}, {"the CA file \"/no/ca.pem\"", "No such file"}},
      {{.ca_file = key}, {"the CA file \"" + key, "holds no certificate in PEM"}},
      {{.ca_file = folder}, {"the CA file \"" + folder, "is a directory"}},
      {{.ca_pem = "not PEM"}, {"the option ca_pem holds no certificate in PEM"}},
      {{.ca_pem = read_file(certificate) + broken}, {"cannot read certificate 2 of the option"}},
      {{.ca_directory = "/no/folder"}, {"the CA directory \"/no/folder\"", "No such file"}},
      {{.ca_directory = certificate}, {"Not a directory"}},
      {{.ca_directory = folder}, {"holds no certificate under its hash", "openssl rehash"}},
      {{.crl_file = "/no/list.pem"}, {"the CRL file \"/no/list.pem\"", "No such file"}},
      {{.crl_file = certificate}, {"holds no revocation list in PEM"}},
  };
  for (const Case& c : cases) {
    const Error error = refusal_of(c.options);
    INFO(error.detail);
    CHECK(error.code == ErrorCode::tls_failed);
    CHECK(error.phase == Phase::tls);
    for (const std::string& part : c.parts) CHECK(holds(error.detail, part));
  }
}

}  // namespace
}  // namespace headrace::test
