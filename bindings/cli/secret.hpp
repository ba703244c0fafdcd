#pragma once

#include <expected>
#include <string>

namespace headrace::cli {

/// What a file holds, without one line end at its end; or what is wrong, without any of it.
std::expected<std::string, std::string> read_secret(const std::string& path);

}  // namespace headrace::cli
