#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/splitmix.hpp"
#include "tests/http/reading.hpp"

namespace headrace::http::test {

// A connection's answers, each the one before it but for a line or two.
class ChangingHeads {
 public:
  explicit ChangingHeads(std::uint64_t seed) : random_(seed) {
    lines_ = {"Server: a", "Date: 10:00:00", "Content-Type: text/plain", "X-Id: 1", "Vary: Accept"};
  }

  Stream stream() {
    Stream stream;
    for (int i = 0; i < 12; ++i) {
      for (std::size_t changes = below(2) * below(3); changes > 0; --changes) change();
      stream.expected.push_back({.head = below(4) == 0});
      stream.bytes += answer(stream.expected.back().head);
    }
    return stream;
  }

  std::vector<std::size_t> cuts(std::size_t bytes) {
    std::vector<std::size_t> cuts(below(6));
    for (std::size_t& cut : cuts) cut = below(bytes);
    std::ranges::sort(cuts);
    return cuts;
  }

 private:
  std::size_t below(std::size_t most) { return random_() % most; }

  std::string new_line() {
    static const std::vector<std::string> odd = {"X: " + std::string(600, 'x'),
                                                 "Empty:",
                                                 "Spaces: \t v \t ",
                                                 "Server: a",
                                                 " folded",
                                                 "No colon",
                                                 "Keep-Alive: timeout=5",
                                                 "Connection: keep-alive"};
    if (below(4) == 0) return odd[below(odd.size())];
    return "X-" + std::to_string(below(3)) + ": " +
           std::string(below(4), static_cast<char>('a' + below(2)));
  }

  void change() {
    const std::size_t at = below(lines_.size() + 1);
    switch (below(4)) {
      case 0:
        lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), new_line());
        break;
      case 1:
        if (at < lines_.size()) lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        if (at < lines_.size()) lines_[at] = new_line();
        break;
      default:
        status_ = below(2) == 0 ? "200 OK" : "404 Not Found";
        chunked_ = below(2) == 0;
    }
  }

  std::string answer(bool to_head) {
    std::string text = "HTTP/1.1 " + status_ + "\r\n";
    for (const std::string& line : lines_) text += line + "\r\n";
    text += chunked_ ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 2\r\n\r\n";
    if (to_head) return text;
    return text + (chunked_ ? "2;x\r\nab\r\n0\r\nT: 1\r\nServer: a\r\n\r\n" : "ab");
  }

  SplitMix random_;
  std::vector<std::string> lines_;
  std::string status_ = "200 OK";
  bool chunked_ = false;
};

}  // namespace headrace::http::test
