#pragma once

#include <expected>
#include <string>

#include "headrace/tls_options.hpp"

namespace CLI {
class App;
}

namespace headrace::cli {

/// What the command line says of TLS, in curl's words where curl has them.
struct TlsFlags {
  TlsOptions options = {};
  std::string key_passphrase_file = {};
  std::string least_version = "1.2";
  bool any_name = false;
  bool anything = false;
};

/// The flags must outlive the command.
void add_tls_flags(CLI::App& command, TlsFlags& flags);

/// The engine's options: with the passphrase out of its file, and the keys logged where the
/// environment variable SSLKEYLOGFILE says so, which standard error is told. What is wrong with the
/// file otherwise.
std::expected<TlsOptions, std::string> finish_tls(const TlsFlags& flags);

}  // namespace headrace::cli
