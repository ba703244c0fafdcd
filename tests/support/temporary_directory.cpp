#include "tests/support/temporary_directory.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

TemporaryDirectory::TemporaryDirectory() : made_by_(::getpid()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "headrace-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw_system_error("mkdtemp " + pattern);
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (made_by_ != ::getpid()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t times_in(const std::filesystem::path& file, std::string_view phrase) {
  const std::string text = read_file(file);
  std::size_t times = 0;
  for (std::size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1))
    ++times;
  return times;
}

}  // namespace headrace::test
