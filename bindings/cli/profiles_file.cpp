#include "bindings/cli/profiles_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace headrace::cli {
namespace {

constexpr std::size_t profiles_bytes_max = std::size_t{16} << 20U;

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

std::expected<std::string, std::string> load_profiles(const std::string& path) {
  if (path.empty()) return {};
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "re"), close);
  if (!file && errno == ENOENT) return {};
  if (!file) return std::unexpected("cannot open " + path + ": " + reason(errno));
  std::string text;
  char part[4096];
  while (const std::size_t count = std::fread(part, 1, sizeof part, file.get())) {
    text.append(part, count);
    if (text.size() > profiles_bytes_max)
      return std::unexpected(path + " is too large to be a file of profiles");
  }
  if (std::ferror(file.get()) != 0)
    return std::unexpected("cannot read " + path + ": " + reason(errno));
  return text;
}

// By way of a file beside it, so that whoever reads meanwhile finds the old one or the new one.
std::string save_profiles(const std::string& path, const Engine& engine) {
  if (path.empty()) return {};
  std::string beside = path + ".XXXXXX";
  const int descriptor = ::mkostemp(beside.data(), O_CLOEXEC);
  if (descriptor < 0) return "cannot write beside " + path + ": " + reason(errno);
  std::FILE* const file = ::fdopen(descriptor, "w");
  const std::string text = engine.profiles();
  bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  written = std::fclose(file) == 0 && written;
  if (written && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(beside.c_str());
  return "cannot write " + path + ": " + reason(error);
}

}  // namespace headrace::cli
