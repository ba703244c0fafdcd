#include <strings.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "bindings/c/options.hpp"

namespace headrace::c {
namespace {

constexpr std::size_t passphrase_bytes_max = 1024;

// The program's callback as the engine calls it. The buffer keeps nothing of what was in it.
class Passphrase {
 public:
  explicit Passphrase(const hr_tls_options& given)
      : ask_(given.key_passphrase), context_(given.key_passphrase_context) {}

  std::string operator()() const {
    std::array<char, passphrase_bytes_max> buffer{};
    const std::ptrdiff_t size = ask_(context_, buffer.data(), buffer.size());
    if (size < 0 || static_cast<std::size_t>(size) > buffer.size()) {
      explicit_bzero(buffer.data(), buffer.size());
      throw std::runtime_error(size < 0 ? "key_passphrase has none"
                                        : "key_passphrase gave more bytes than it was asked for");
    }
    std::string passphrase(buffer.data(), static_cast<std::size_t>(size));
    explicit_bzero(buffer.data(), buffer.size());
    return passphrase;
  }

 private:
  decltype(hr_tls_options::key_passphrase) ask_;
  void* context_;
};

static_assert(static_cast<int>(TlsVersion::v1_2) == HR_TLS_1_2 - 1 &&
              static_cast<int>(TlsVersion::v1_3) == HR_TLS_1_3 - 1);
static_assert(static_cast<int>(Insecure::no) == HR_INSECURE_NO &&
              static_cast<int>(Insecure::any_name) == HR_INSECURE_ANY_NAME &&
              static_cast<int>(Insecure::anything) == HR_INSECURE_ANYTHING);

TlsOptions read(const hr_tls_options& given, Reader& reader) {
  TlsOptions tls;
  tls.ca_file = reader.text("ca_file", given.ca_file);
  tls.ca_directory = reader.text("ca_directory", given.ca_directory);
  tls.ca_pem = reader.text("ca_pem", given.ca_pem);
  tls.crl_file = reader.text("crl_file", given.crl_file);
  tls.certificate_file = reader.text("certificate_file", given.certificate_file);
  tls.certificate_pem = reader.text("certificate_pem", given.certificate_pem);
  tls.key_file = reader.text("key_file", given.key_file);
  tls.key_pem = reader.text("key_pem", given.key_pem);
  if (given.key_passphrase != nullptr) tls.key_passphrase = Passphrase(given);
  if (const int version = reader.choice("version_min", given.version_min, 3);
      version != HR_TLS_DEFAULT)
    tls.version_min = static_cast<TlsVersion>(version - 1);
  tls.insecure = static_cast<Insecure>(reader.choice("insecure", given.insecure, 3));
  tls.ciphers = reader.text("ciphers", given.ciphers);
  tls.ciphersuites = reader.text("ciphersuites", given.ciphersuites);
  tls.key_log_file = reader.text("key_log_file", given.key_log_file);
  return tls;
}

}  // namespace

TlsOptions tls_options_of(const hr_tls_options* given, Reader& reader) {
  std::optional<Error> refusal;
  const auto known = read_struct("hr_tls_options", given, refusal);
  reader.refuse(std::move(refusal));
  Reader inner("hr_tls_options.");
  TlsOptions tls = read(known, inner);
  reader.refuse(inner.take_refusal());
  return tls;
}

}  // namespace headrace::c
