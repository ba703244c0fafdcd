#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace headrace::test {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* thing) const {
    free(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using File = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("cannot make a test certificate: ") + what);
}

constexpr long day_seconds = 24L * 60 * 60;

Certificate blank(EVP_PKEY* key, const std::string& common_name, long serial, bool expired) {
  Certificate made(X509_new());
  check(made != nullptr, "X509_new");
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -10 * day_seconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), (expired ? -2 : 10) * day_seconds);
  X509_set_pubkey(made.get(), key);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1,
                             0);
  return made;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

std::string alternative_names(const Certificates::Leaf& leaf) {
  std::string text;
  for (const std::string& name : leaf.dns) text += (text.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& ip : leaf.ips) text += (text.empty() ? "IP:" : ",IP:") + ip;
  return text;
}

void write_certificate(const std::string& path, X509* certificate) {
  const File file(BIO_new_file(path.c_str(), "w"));
  check(file && PEM_write_bio_X509(file.get(), certificate) == 1, path.c_str());
}

void write_key(const std::string& path, EVP_PKEY* key) {
  const File file(BIO_new_file(path.c_str(), "w"));
  check(file && PEM_write_bio_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
        path.c_str());
}

std::filesystem::path temporary_directory() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "headrace-certificates-XXXXXX").string();
  check(mkdtemp(pattern.data()) != nullptr, "mkdtemp");
  return pattern;
}

}  // namespace

struct Certificates::Authority {
  Key key;
  Certificate certificate;
};

Certificates::Certificates()
    : directory_(temporary_directory()), authority_(new Authority{Key(EVP_EC_gen("P-256")), {}}) {
  authority_->certificate =
      blank(authority_->key.get(), "authority of " + directory_.filename().string(), 1, false);
  X509* made = authority_->certificate.get();
  X509_set_issuer_name(made, X509_get_subject_name(made));
  extend(made, made, NID_basic_constraints, "critical,CA:TRUE");
  extend(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(made, made, NID_subject_key_identifier, "hash");
  check(X509_sign(made, authority_->key.get(), EVP_sha256()) > 0, "X509_sign");
  write_certificate(ca_file(), made);
}

Certificates::~Certificates() {
  delete authority_;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Certificates::Files Certificates::issue(const Leaf& leaf) const { return make(leaf, authority_); }

Certificates::Files Certificates::self_signed(const Leaf& leaf) const {
  return make(leaf, nullptr);
}

Certificates::Files Certificates::make(const Leaf& leaf, const Authority* issuer) const {
  const int number = ++made_;
  const Key key(EVP_EC_gen("P-256"));
  check(key != nullptr, "EVP_EC_gen");
  const Certificate made = blank(key.get(), leaf.common_name, number + 1, leaf.expired);
  X509* signer = issuer != nullptr ? issuer->certificate.get() : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  extend(made.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), signer, NID_ext_key_usage, "serverAuth");
  if (const std::string names = alternative_names(leaf); !names.empty())
    extend(made.get(), signer, NID_subject_alt_name, names);
  EVP_PKEY* signing_key = issuer != nullptr ? issuer->key.get() : key.get();
  check(X509_sign(made.get(), signing_key, EVP_sha256()) > 0, "X509_sign");

  const Files files{path("leaf" + std::to_string(number) + ".pem"),
                    path("leaf" + std::to_string(number) + "-key.pem")};
  write_certificate(files.chain_file, made.get());
  write_key(files.key_file, key.get());
  return files;
}

}  // namespace headrace::test
