#include "fuzz/strict_parser.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

// A recursive descent through RFC 9112 that has the whole stream before it: slow, plain, and with
// no state to carry from one piece of it to the next, which is what the reader under test is about.
//
// Allowed difference: in a chunk's extensions it takes any text up to CRLF, where the reader may
// refuse what is not by the grammar. An extension never moves a boundary.

namespace headrace::fuzz {
namespace {

using http::test::Ending;
using http::test::Expected;
using http::test::Stream;

struct Refused {};    // the stream cannot be read further
struct Exhausted {};  // it ends here, in the middle of something

bool is_token_byte(unsigned char byte) {
  if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'))
    return true;
  for (const char* other = "!#$%&'*+-.^_`|~"; *other != '\0'; ++other)
    if (static_cast<unsigned char>(*other) == byte) return true;
  return false;
}

bool is_text_byte(unsigned char byte) { return byte == '\t' || (byte >= ' ' && byte != 0x7f); }

std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string without_whitespace_around(std::string_view text) {
  std::size_t first = 0;
  std::size_t last = text.size();
  while (first < last && (text[first] == ' ' || text[first] == '\t')) ++first;
  while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\t')) --last;
  return std::string(text.substr(first, last - first));
}

std::vector<std::string> elements_of(std::string_view list) {
  std::vector<std::string> elements{""};
  for (const char c : list) {
    if (c == ',')
      elements.emplace_back();
    else
      elements.back() += c;
  }
  for (std::string& one : elements) one = without_whitespace_around(one);
  return elements;
}

std::optional<std::uint64_t> number_of(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : digits) {
    unsigned value = 0;
    if (digit >= '0' && digit <= '9')
      value = static_cast<unsigned>(digit - '0');
    else if (base == 16 && digit >= 'a' && digit <= 'f')
      value = static_cast<unsigned>(digit - 'a') + 10;
    else if (base == 16 && digit >= 'A' && digit <= 'F')
      value = static_cast<unsigned>(digit - 'A') + 10;
    else
      return std::nullopt;
    if (number > (UINT64_MAX - value) / base) return std::nullopt;
    number = number * base + value;
  }
  return number;
}

using FieldLines = std::vector<std::pair<std::string, std::string>>;

struct Head {
  int status = 0;
  int minor = 1;
  std::string reason;
  FieldLines fields;
};

enum class End { none, length, chunked, close };

struct Frame {
  End end = End::none;
  std::uint64_t length = 0;
  bool persistent = false;
};

std::string listed(const FieldLines& fields) {
  std::string text = " [";
  for (const auto& [name, value] : fields) {
    if (text.size() > 2) text += ", ";
    text += name + ": " + value;
  }
  return text + "]";
}

// RFC 9112 §6.3 and §9.3.
Frame frame_of(const Head& head, bool asked_head) {
  std::optional<std::uint64_t> length;
  unsigned codings = 0;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  for (const auto& [name, value] : head.fields) {
    const std::string key = lowered(name);
    if (key == "content-length") {
      for (const std::string& element : elements_of(value)) {
        const auto number = number_of(element, 10);
        if (!number || length.value_or(*number) != *number) throw Refused{};
        length = number;
      }
    } else if (key == "transfer-encoding") {
      ++codings;
      chunked = lowered(value) == "chunked";
    } else if (key == "connection") {
      for (const std::string& option : elements_of(lowered(value))) {
        if (option == "close") close = true;
        if (option == "keep-alive") keep_alive = true;
      }
    }
  }
  // What is not "chunked" alone, or stands beside a length, or in HTTP/1.0, two parties could read
  // differently (§6.1): the reader promises to refuse it.
  if (codings > 0 && (codings > 1 || !chunked || length || head.minor == 0)) throw Refused{};

  Frame frame;
  const bool bodiless = asked_head || head.status < 200 || head.status == 204 || head.status == 304;
  if (bodiless)
    frame.end = End::none;
  else if (chunked)
    frame.end = End::chunked;
  else
    frame.end = length ? End::length : End::close;
  frame.length = frame.end == End::length ? *length : 0;
  frame.persistent =
      (head.minor == 1 || keep_alive) && !close && frame.end != End::close && head.status != 101;
  return frame;
}

std::string described(const Head& head, const Frame& frame) {
  std::string text =
      std::to_string(head.status) + " " + head.reason + " 1." + std::to_string(head.minor);
  if (frame.end == End::none) text += " none";
  if (frame.end == End::length) text += " length=" + std::to_string(frame.length);
  if (frame.end == End::chunked) text += " chunked";
  if (frame.end == End::close) text += " until_close";
  return text + (frame.persistent ? " keep" : " last") + listed(head.fields);
}

class Parser {
 public:
  explicit Parser(const Stream& stream) : stream_(stream), rest_(stream.bytes) {}

  SecondReading run() {
    try {
      while (response()) {
      }
    } catch (const Refused&) {
      say("failed");
    } catch (const Exhausted&) {
      if (stream_.ending != Ending::open) say("failed");
    }
    say(in_response_ ? "in a response" : "between responses");
    return std::move(out_);
  }

 private:
  void say(std::string line) { out_.transcript.push_back(std::move(line)); }

  unsigned char peek() const {
    if (rest_.empty()) throw Exhausted{};
    return static_cast<unsigned char>(rest_.front());
  }
  unsigned char take() {
    const unsigned char byte = peek();
    rest_.remove_prefix(1);
    return byte;
  }
  void take(std::string_view exactly) {
    for (const char c : exactly)
      if (take() != static_cast<unsigned char>(c)) throw Refused{};
  }

  // Empty lines between responses. False at the end of the stream.
  bool skip_empty_lines() {
    for (;;) {
      if (rest_.empty() || rest_ == "\r") return false;
      if (!rest_.starts_with("\r\n")) return true;
      rest_.remove_prefix(2);
    }
  }

  // One final response. False when none follows.
  bool response() {
    const std::size_t number = answered_++;
    const Expected expected =
        number < stream_.expected.size() ? stream_.expected[number] : Expected{};
    for (;;) {
      if (!skip_empty_lines()) {
        if (in_response_) throw Exhausted{};
        return false;
      }
      if (over_ || peek() == '\r') throw Refused{};
      in_response_ = true;
      const Head head = read_head();
      const Frame frame = frame_of(head, expected.head);
      if (head.status == 101 && !expected.upgrade) throw Refused{};
      if (frame.length > stream_.limits.body_bytes_max) throw Refused{};
      if (head.status >= 200 || head.status == 101) {
        say(described(head, frame));
        body(frame);
        over_ = !frame.persistent;
        return true;
      }
      say("1xx " + described(head, frame));
      over_ = false;
    }
  }

  Head read_head() {
    Head head;
    take("HTTP/1.");
    const unsigned char minor = take();
    if (minor != '0' && minor != '1') throw Refused{};
    head.minor = minor - '0';
    take(" ");
    const unsigned char first = take();
    if (first < '1' || first > '5') throw Refused{};
    head.status = first - '0';
    for (int i = 0; i < 2; ++i) {
      const unsigned char digit = take();
      if (digit < '0' || digit > '9') throw Refused{};
      head.status = head.status * 10 + (digit - '0');
    }
    if (peek() != '\r') take(" ");  // before an empty reason it is often left out
    while (is_text_byte(peek())) head.reason += static_cast<char>(take());
    take("\r\n");
    head.fields = read_fields();
    return head;
  }

  FieldLines read_fields() {
    FieldLines fields;
    while (peek() != '\r') {
      std::string name;
      while (is_token_byte(peek())) name += static_cast<char>(take());
      if (name.empty()) throw Refused{};
      take(":");
      std::string value;
      while (is_text_byte(peek())) value += static_cast<char>(take());
      take("\r\n");
      if (peek() == ' ' || peek() == '\t') throw Refused{};  // obs-fold
      fields.emplace_back(std::move(name), without_whitespace_around(value));
    }
    take("\r\n");
    return fields;
  }

  void body(const Frame& frame) {
    FieldLines trailers;
    switch (frame.end) {
      case End::none:
        break;
      case End::length:
        data(frame.length);
        break;
      case End::close:
        until_close();
        break;
      case End::chunked:
        trailers = chunks();
        break;
    }
    in_response_ = false;
    say(trailers.empty() ? "end" : "end" + listed(trailers));
  }

  void data(std::uint64_t size) {
    const std::string_view here = rest_.substr(0, size);
    rest_.remove_prefix(here.size());
    if (!here.empty() && !out_.transcript.back().starts_with("body ")) say("body ");
    out_.transcript.back().append(here);
    if (here.size() < size) throw Exhausted{};
  }

  void until_close() {
    const std::uint64_t most = stream_.limits.body_bytes_max;
    const bool fits = rest_.size() <= most;
    if (!rest_.empty()) data(fits ? rest_.size() : most);
    if (!fits) throw Refused{};
    if (stream_.ending != Ending::clean) throw Exhausted{};
  }

  FieldLines chunks() {
    std::uint64_t total = 0;
    for (;;) {
      std::string digits;
      while (peek() != '\r' && peek() != ';') {
        digits += static_cast<char>(take());
        if (!number_of(digits, 16)) throw Refused{};
      }
      const auto size = number_of(digits, 16);
      if (!size) throw Refused{};
      if (peek() == ';') extensions();
      take("\r\n");
      if (*size > stream_.limits.body_bytes_max - total) throw Refused{};
      total += *size;
      if (*size == 0) return read_fields();
      data(*size);
      take("\r\n");
    }
  }

  // RFC 9112 §7.1.1, and then whatever else stands there.
  void extensions() {
    bool plain = true;
    while (plain && peek() == ';') {
      take();
      plain = token();
      if (!plain || peek() != '=') continue;
      take();
      plain = peek() == '"' ? quoted() : token();
    }
    if (plain && peek() == '\r') return;
    if (out_.may_fail_from == static_cast<std::size_t>(-1))
      out_.may_fail_from = out_.transcript.size();
    while (is_text_byte(peek())) take();
  }

  bool token() {
    const std::size_t before = rest_.size();
    while (is_token_byte(peek())) take();
    return rest_.size() < before;
  }

  bool quoted() {
    take();
    while (is_text_byte(peek()) && peek() != '"')
      if (take() == '\\' && is_text_byte(peek())) take();
    if (peek() != '"') return false;
    take();
    return true;
  }

  const Stream& stream_;
  std::string_view rest_;
  SecondReading out_;
  std::size_t answered_ = 0;
  bool in_response_ = false;
  bool over_ = false;  // the last response was the connection's last
};

}  // namespace

SecondReading read_strictly(const Stream& stream) { return Parser(stream).run(); }

}  // namespace headrace::fuzz
