#include "bindings/cli/tls_flags.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <utility>

#include "bindings/cli/output.hpp"
#include "bindings/cli/secret.hpp"

namespace headrace::cli {

void add_tls_flags(CLI::App& command, TlsFlags& flags) {
  command.add_option("--ca,--cacert", flags.options.ca_file,
                     "PEM file of the authorities to trust instead of the system's");
  command.add_option("--capath", flags.options.ca_directory,
                     "Directory of them, under their hashes (openssl rehash)");
  command.add_option("--crlfile", flags.options.crl_file,
                     "PEM file of revocation lists; a certificate without one is refused");
  command.add_option("--cert", flags.options.certificate_file,
                     "PEM file of the client certificate, for servers that ask for one");
  CLI::Option* const key = command.add_option("--key", flags.options.key_file,
                                              "PEM file of its key, if that is not beside it");
  key->needs("--cert");
  command
      .add_option("--key-passphrase-file", flags.key_passphrase_file,
                  "File with the passphrase of the key")
      ->needs("--cert");
  command
      .add_option("--tls-min", flags.least_version,
                  "The oldest version of TLS to speak, 1.2 or 1.3")
      ->check(CLI::IsMember({"1.2", "1.3"}))
      ->capture_default_str();
  command.add_option("--ciphers", flags.options.ciphers,
                     "Ciphers for TLS 1.2, as OpenSSL lists them");
  command.add_option("--tls13-ciphers", flags.options.ciphersuites, "Ciphers for TLS 1.3");
  command.add_flag("--insecure-name", flags.any_name,
                   "Do not verify the name in certificates: for tests only, whoever has any "
                   "certificate can read and change everything");
  command.add_flag("--insecure", flags.anything,
                   "Do not verify certificates: for tests only, anyone on the way can read and "
                   "change everything");
}

std::expected<TlsOptions, std::string> finish_tls(const TlsFlags& flags) {
  TlsOptions made = flags.options;
  if (flags.any_name) made.insecure = Insecure::any_name;
  if (flags.anything) made.insecure = Insecure::anything;
  if (flags.least_version == "1.3") made.version_min = TlsVersion::v1_3;
  if (!flags.key_passphrase_file.empty()) {
    auto passphrase = read_secret(flags.key_passphrase_file);
    if (!passphrase) return std::unexpected(std::move(passphrase.error()));
    made.key_passphrase = [secret = std::move(*passphrase)] { return secret; };
  }
  if (const char* const file = std::getenv("SSLKEYLOGFILE"); file != nullptr && *file != '\0') {
    made.key_log_file = file;
    complain("SSLKEYLOGFILE is set: whoever reads " + made.key_log_file +
             " can decrypt these connections");
  }
  return made;
}

}  // namespace headrace::cli
