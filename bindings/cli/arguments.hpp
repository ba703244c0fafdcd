#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/cli/tls_flags.hpp"
#include "bindings/cli/way_flags.hpp"
#include "headrace/options.hpp"

namespace headrace::cli {

struct DemoArguments {
  std::size_t machines = 100;
  std::chrono::milliseconds delay{20};
  unsigned connections = 5;
  unsigned pipeline = 5;
  bool json = false;
};

/// `demo --server`: a misbehaving server instead of the measurement.
struct ServeArguments {
  std::string kind = {};  ///< one that there is
};

struct FetchArguments {
  Options options = {};  ///< but for its tls and its ways
  TlsFlags tls = {};
  WayFlags ways = {};
  std::string profiles_file = {};
};

struct InventoryArguments {
  Options options = {};  ///< but for its tls and its ways
  TlsFlags tls = {};
  WayFlags ways = {};
  std::string profiles_file = {};
  std::string url = {};
  std::string user = {};
  std::string password_file = {};
  std::string token_file = {};
  bool sso = false;
  std::size_t page_size = 100;
  std::vector<std::string> collections = {};  ///< none: all
};

/// What to end with at once: a help text, the version, or a usage error.
struct Ending {
  int exit_code = 0;
  std::string text = {};  ///< for standard output when the code is 0, else for standard error
};

using Arguments =
    std::variant<Ending, DemoArguments, ServeArguments, FetchArguments, InventoryArguments>;

/// Reads the command line. Never repeats a value from it in a message that could be a secret.
Arguments parse_arguments(int count, const char* const* values);

}  // namespace headrace::cli
