#pragma once

#include <expected>
#include <string>

#include "headrace/engine.hpp"

namespace headrace::cli {

/// What an earlier run has learned, for Options::profiles. A file that does not exist yet, like no
/// path at all, is an empty text; else the error is a sentence for the user.
std::expected<std::string, std::string> load_profiles(const std::string& path);

/// Keeps what the engine has learned: the file is replaced as a whole, or left as it was. Gives a
/// sentence for the user when that fails. Without a path there is nothing to do.
std::string save_profiles(const std::string& path, const Engine& engine);

}  // namespace headrace::cli
