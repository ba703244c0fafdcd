// In the place of a fuzzing engine: gives the target each input named, and each in the folders
// named, once. So every target builds with every compiler, and its corpus is a test.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

// A copy of exactly its size on the heap, so that AddressSanitizer sees who reads past its end.
bool replay(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) {
    std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
    return false;
  }
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  std::fprintf(stderr, "%s\n", file.c_str());  // the last line tells which one broke it
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

std::vector<fs::path> inputs_of(std::span<char* const> arguments) {
  std::vector<fs::path> inputs;
  for (const char* const argument : arguments) {
    if (!fs::is_directory(argument)) {
      inputs.emplace_back(argument);
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(argument))
      inputs.push_back(entry.path());
  }
  return inputs;
}

}  // namespace

int main(int count, char** values) {
  try {
    const auto inputs = inputs_of({values + 1, static_cast<std::size_t>(count) - 1});
    bool good = !inputs.empty();
    for (const fs::path& input : inputs) good = replay(input) && good;
    std::printf("%zu inputs\n", inputs.size());
    return good ? 0 : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
