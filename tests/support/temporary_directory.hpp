#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace headrace::test {

// A new, empty directory that goes away with the object, but not with a forked child's copy of it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
  pid_t made_by_;
};

void write_file(const std::filesystem::path& file, std::string_view text);
std::string read_file(const std::filesystem::path& file);  // throws when it cannot be read

// How often the phrase stands in the file.
std::size_t times_in(const std::filesystem::path& file, std::string_view phrase);

}  // namespace headrace::test
