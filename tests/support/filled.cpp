#include "tests/support/filled.hpp"

#include <stdexcept>

namespace headrace::test {

std::string filled(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t open = text.find('@', begin);
    out += text.substr(begin, open - begin);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('@', open + 1);
    const std::string name(text.substr(open + 1, close - open - 1));
    const auto value = values.find(name);
    if (value == values.end()) throw std::runtime_error("nothing is known of @" + name + "@");
    out += value->second;
    begin = close + 1;
  }
  return out;
}

}  // namespace headrace::test
