#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>

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
using RevocationList = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;
using File = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;
using Time = std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>>;

void check(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("cannot make a test certificate: " + what);
}

constexpr long day_seconds = 24L * 60 * 60;

Key make_key(unsigned rsa_bits) {
  Key key(rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits));
  check(key != nullptr, "a key");
  return key;
}

// The days count from today.
Certificate blank(EVP_PKEY* key, const std::string& common_name, long serial, int first_day = -10,
                  int last_day = 10) {
  Certificate made(X509_new());
  check(made != nullptr, "X509_new");
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), first_day * day_seconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), last_day * day_seconds);
  X509_set_pubkey(made.get(), key);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text,
                             static_cast<int>(common_name.size()), -1, 0);
  return made;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

void add_dns_name(GENERAL_NAMES* names, std::string_view bytes) {
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, GEN_DNS, text);
  sk_GENERAL_NAME_push(names, name);
}

void add_address(GENERAL_NAMES* names, const std::string& ip) {
  ASN1_OCTET_STRING* octets = a2i_IPADDRESS(ip.c_str());
  check(octets != nullptr, ip);
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, GEN_IPADD, octets);
  sk_GENERAL_NAME_push(names, name);
}

// Built piece by piece: in the text form a name could hold neither a comma nor a NUL.
void add_alternative_names(X509* certificate, const Certificates::Leaf& leaf) {
  if (leaf.dns.empty() && leaf.ips.empty()) return;
  const Names names(GENERAL_NAMES_new());
  for (const std::string& name : leaf.dns) add_dns_name(names.get(), name);
  for (const std::string& ip : leaf.ips) add_address(names.get(), ip);
  check(
      X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
      "subjectAltName");
}

File open_file(const std::string& path, const char* mode = "w") {
  File file(BIO_new_file(path.c_str(), mode));
  check(file != nullptr, path);
  return file;
}

void write_certificate(const std::string& path, X509* certificate, const char* mode = "w") {
  check(PEM_write_bio_X509(open_file(path, mode).get(), certificate) == 1, path);
}

void write_key(const std::string& path, EVP_PKEY* key, const std::string& passphrase = {}) {
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  check(PEM_write_bio_PKCS8PrivateKey(open_file(path).get(), key, cipher, passphrase.data(),
                                      static_cast<int>(passphrase.size()), nullptr, nullptr) == 1,
        path);
}

Certificate read_certificate(const std::string& path) {
  Certificate read(PEM_read_bio_X509(open_file(path, "r").get(), nullptr, nullptr, nullptr));
  check(read != nullptr, path);
  return read;
}

}  // namespace

struct Certificates::Authority {
  // One that signed itself, or was signed by another.
  Authority(const std::string& name, long serial, const Authority* issuer)
      : key(make_key(0)), certificate(blank(key.get(), name, serial)) {
    X509* made = certificate.get();
    X509* signer = issuer != nullptr ? issuer->certificate.get() : made;
    X509_set_issuer_name(made, X509_get_subject_name(signer));
    extend(made, signer, NID_basic_constraints, "critical,CA:TRUE");
    extend(made, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(made, signer, NID_subject_key_identifier, "hash");
    EVP_PKEY* signing_key = issuer != nullptr ? issuer->key.get() : key.get();
    check(X509_sign(made, signing_key, EVP_sha256()) > 0, "X509_sign");
  }

  Key key;
  Certificate certificate;
};

Certificates::Certificates()
    : authority_(
          new Authority("authority of " + directory_.path().filename().string(), 1, nullptr)),
      intermediate_(new Authority("intermediate of " + directory_.path().filename().string(), 2,
                                  authority_.get())) {
  write_certificate(ca_file(), authority_->certificate.get());
}

Certificates::~Certificates() = default;

Certificates::Files Certificates::issue(const Leaf& leaf) const {
  return make(leaf, authority_.get());
}

Certificates::Files Certificates::issue_by_intermediate(const Leaf& leaf, bool whole_chain) const {
  Files files = make(leaf, intermediate_.get());
  if (whole_chain) write_certificate(files.chain_file, intermediate_->certificate.get(), "a");
  return files;
}

Certificates::Files Certificates::self_signed(const Leaf& leaf) const {
  return make(leaf, nullptr);
}

Certificates::Files Certificates::make(const Leaf& leaf, const Authority* issuer) const {
  const int number = ++made_;
  const Key key = make_key(leaf.rsa_bits);
  const Certificate made = blank(key.get(), leaf.common_name, number + 2,
                                 leaf.not_yet_valid ? 2 : -10, leaf.expired ? -2 : 10);
  X509* signer = issuer != nullptr ? issuer->certificate.get() : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  extend(made.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), signer, NID_ext_key_usage, leaf.usage);
  add_alternative_names(made.get(), leaf);
  EVP_PKEY* signing_key = issuer != nullptr ? issuer->key.get() : key.get();
  check(X509_sign(made.get(), signing_key, leaf.sha1 ? EVP_sha1() : EVP_sha256()) > 0, "X509_sign");

  const Files files{path("leaf" + std::to_string(number) + ".pem"),
                    path("leaf" + std::to_string(number) + "-key.pem")};
  write_certificate(files.chain_file, made.get());
  write_key(files.key_file, key.get());
  return files;
}

std::string Certificates::revocation_list(const std::optional<Files>& revoked) const {
  const RevocationList list(X509_CRL_new());
  check(list != nullptr, "X509_CRL_new");
  const Time yesterday(X509_gmtime_adj(nullptr, -day_seconds));
  const Time tomorrow(X509_gmtime_adj(nullptr, day_seconds));
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority_->certificate.get()));
  X509_CRL_set1_lastUpdate(list.get(), yesterday.get());
  X509_CRL_set1_nextUpdate(list.get(), tomorrow.get());
  if (revoked) {
    const Certificate certificate = read_certificate(revoked->chain_file);
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, yesterday.get());
    X509_CRL_add0_revoked(list.get(), entry);
  }
  check(X509_CRL_sign(list.get(), authority_->key.get(), EVP_sha256()) > 0, "X509_CRL_sign");
  const std::string file = path("list" + std::to_string(++made_) + ".pem");
  check(PEM_write_bio_X509_CRL(open_file(file).get(), list.get()) == 1, file);
  return file;
}

std::string Certificates::encrypted_key(const Files& files, const std::string& passphrase) const {
  const Key key(
      PEM_read_bio_PrivateKey(open_file(files.key_file, "r").get(), nullptr, nullptr, nullptr));
  check(key != nullptr, files.key_file);
  const std::string file = path("encrypted" + std::to_string(++made_) + ".pem");
  write_key(file, key.get(), passphrase);
  return file;
}

std::string Certificates::ca_directory() const {
  X509* certificate = authority_->certificate.get();
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate));
  const std::filesystem::path made = path("hashed");
  std::filesystem::create_directory(made);
  write_certificate((made / name.data()).string(), certificate);
  return made.string();
}

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

}  // namespace headrace::test
