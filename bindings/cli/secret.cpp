#include "bindings/cli/secret.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace headrace::cli {
namespace {

constexpr std::size_t secret_bytes_max = 16 * 1024;

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

std::expected<std::string, std::string> read_secret(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "re"), close);
  if (!file) return std::unexpected("cannot open " + path + ": " + reason(errno));
  std::string secret(secret_bytes_max + 1, '\0');
  secret.resize(std::fread(secret.data(), 1, secret.size(), file.get()));
  if (std::ferror(file.get()) != 0)
    return std::unexpected("cannot read " + path + ": " + reason(errno));
  if (secret.size() > secret_bytes_max)
    return std::unexpected(path + " is too large to be a password or token");
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) return std::unexpected(path + " is empty");
  return secret;
}

}  // namespace headrace::cli
