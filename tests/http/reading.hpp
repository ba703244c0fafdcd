#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/response_reader.hpp"

// Reads a stream of responses and writes down what the reader said of it, one line an event:
//
//     100
//     200 OK 1.1 length=5 keep [Content-Length: 5]
//     body hello
//     end
//     failed protocol_error
//
// Consecutive body events are joined, since a reader may cut them as it likes (S35).
namespace headrace::http::test {

using Expected = ResponseReader::Expected;
using Limits = ResponseReader::Limits;

inline constexpr Limits roomy{.head_bytes_max = 64 * 1024,
                              .head_fields_max = 256,
                              .body_bytes_max = 1 << 20,
                              .informational_max = 32};

enum class Ending { open, clean, broken };  // what happens after the last byte

struct Stream {
  std::string bytes;
  std::vector<Expected> expected = {};  // of each response in turn; what is missing is {}
  Limits limits = roomy;
  Ending ending = Ending::clean;
};

using Transcript = std::vector<std::string>;

inline std::string describe(const Headers& headers) {
  std::string text = " [";
  for (const Field field : headers) {
    if (text.size() > 2) text += ", ";
    text.append(field.name).append(": ").append(field.value);
  }
  return text + "]";
}

inline std::string describe(const ResponseHead& head) {
  std::string text =
      std::to_string(head.status) + ' ' + head.reason + " 1." + std::to_string(head.http_minor);
  switch (head.framing) {
    case Framing::none:
      text += " none";
      break;
    case Framing::length:
      text += " length=" + std::to_string(head.content_length);
      break;
    case Framing::chunked:
      text += " chunked";
      break;
    case Framing::until_close:
      text += " until_close";
      break;
  }
  return text + (head.persistent ? " keep" : " last") + describe(head.headers);
}

class Reading {
 public:
  // `hasty`: takes the rest of a response at once where it can.
  explicit Reading(const Stream& stream, bool hasty = false)
      : stream_(stream), reader_(stream.limits), hasty_(hasty) {
    expect();
  }

  // The piece is copied to the heap, so that a view kept too long is found by ASan.
  void feed(std::string_view piece) {
    const std::vector<char> own(piece.begin(), piece.end());
    Bytes rest{own.data(), own.size()};
    for (;;) {
      const ResponseEvent event = reader_.next(rest);
      if (!note(event)) return;
      if (hasty_ && event.kind == ResponseEvent::Kind::head) note_rest(reader_.take_rest(rest));
    }
  }

  Transcript finish() {
    if (stream_.ending != Ending::open) note(reader_.finish(stream_.ending == Ending::clean));
    transcript_.push_back(reader_.in_response() ? "in a response" : "between responses");
    return transcript_;
  }

  const ResponseReader& reader() const { return reader_; }

 private:
  void expect() {
    reader_.expect(answered_ < stream_.expected.size() ? stream_.expected[answered_] : Expected{});
  }

  void note_rest(const std::optional<Bytes>& body) {
    if (!body) return;
    if (!body->empty()) note({.kind = ResponseEvent::Kind::body, .data = *body});
    note({.kind = ResponseEvent::Kind::end});
  }

  bool note(const ResponseEvent& event) {
    using Kind = ResponseEvent::Kind;
    switch (event.kind) {
      case Kind::need_more:
        return false;
      case Kind::informational:
        transcript_.push_back("1xx " + describe(reader_.head()));
        return true;
      case Kind::head:
        transcript_.push_back(describe(reader_.head()));
        return true;
      case Kind::body:
        if (!transcript_.back().starts_with("body ")) transcript_.emplace_back("body ");
        transcript_.back().append(event.data);
        return true;
      case Kind::end:
        transcript_.push_back(reader_.trailers().empty() ? "end"
                                                         : "end" + describe(reader_.trailers()));
        ++answered_;
        expect();
        return true;
      case Kind::failed:
        if (transcript_.empty() || !transcript_.back().starts_with("failed"))
          transcript_.push_back("failed " + std::string{name_of(reader_.error().code)});
        return false;
    }
    return false;
  }

  const Stream& stream_;
  ResponseReader reader_;
  bool hasty_;
  std::size_t answered_ = 0;
  Transcript transcript_;
};

// Cut before each of these offsets, which ascend.
inline Transcript read(const Stream& stream, std::span<const std::size_t> cuts = {},
                       bool hasty = false) {
  Reading reading{stream, hasty};
  std::string_view rest = stream.bytes;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    reading.feed(rest.substr(at, cut - at));
    at = cut;
  }
  reading.feed(rest.substr(at));
  return reading.finish();
}

}  // namespace headrace::http::test
