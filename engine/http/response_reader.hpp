#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/bytes.hpp"
#include "headrace/error.hpp"
#include "headrace/headers.hpp"
#include "headrace/options.hpp"

namespace headrace::http {

// How a response's end is found (RFC 9112 §6.3).
enum class Framing : std::uint8_t { none, length, chunked, until_close };

struct ResponseHead {
  int status = 0;
  int http_minor = 1;
  std::string reason;
  Headers headers;
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;  // with Framing::length
  bool keep_alive_hint = false;      // there is a Keep-Alive field
  bool persistent = false;  // the connection may carry another response after this one (§9.3)
};

struct WireError {
  ErrorCode code = ErrorCode::protocol_error;
  std::string detail;
};

// What the bytes of one connection say, one event at a time.
struct ResponseEvent {
  enum class Kind : std::uint8_t {
    need_more,      // every byte given was consumed
    informational,  // a 1xx head; not the answer (S2)
    head,           // the final head, in reader.head()
    body,  // `data`: body bytes, chunking removed; views into the bytes given, valid until the next
           // call
    end,   // the response is complete; trailers, if any, in reader.trailers()
    failed,  // the stream cannot be read further: reader.error()
  };
  Kind kind = Kind::need_more;
  Bytes data = {};
};

// Reads the responses of one connection: llhttp behind one door, with the guards it lacks (S12,
// S32-S36).
//
//     reader.expect({.head = true});              // before each response: what was asked
//     for (Bytes rest = received;;) {
//       ResponseEvent event = reader.next(rest);  // consumes from the front of `rest`
//       if (event.kind == need_more) break;       // `rest` is empty then
//     }
//
// After `end` the next call to next() begins another response, for which expect() must have been
// called. CRLFs between responses are dropped. Split-invariant: any cut of a stream gives the same
// events, but that consecutive body events may be cut elsewhere (S35). Memory stays within the
// limits given, whatever comes (S36).
class ResponseReader {
 public:
  struct Limits {
    std::size_t head_bytes_max;
    std::size_t head_fields_max;
    std::size_t body_bytes_max;
    unsigned informational_max;
  };
  struct Expected {
    bool head : 1 = false;      // the request was HEAD
    bool upgrade : 1 = false;   // 101 is a final answer
    bool streamed : 1 = false;  // the body may be of any size
  };

  explicit ResponseReader(const Limits& limits);
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;
  ~ResponseReader();

  void expect(Expected expected);
  ResponseEvent next(Bytes& bytes);

  // After a head event: when the rest of the response is here, the whole of its body (none,
  // perhaps) and its end at once, instead of two more events.
  std::optional<Bytes> take_rest(Bytes& bytes);

  // How many bytes of a body of known length are to come, if that is what comes next; else 0. Those
  // that went past next() are skipped here; after the last of them next() gives the end.
  std::uint64_t body_left() const noexcept;
  void skip_body(std::uint64_t count) noexcept;

  // While nothing is expected: consumes CRLFs, and tells whether nothing else came.
  bool skip_crlfs(Bytes& bytes);

  // The stream ended. `clean` is false for a reset or a TLS stream without close_notify (S38).
  // Gives `end` when that completes a body delimited by the end of the stream, `failed`
  // (connection_lost) in the middle of a response, and need_more between responses.
  ResponseEvent finish(bool clean);

  bool in_response()
      const noexcept;  // a byte of the current response, or of a 1xx before it, was consumed
  ResponseHead& head() noexcept;  // of the last informational or head event; may be moved from
  Headers& trailers() noexcept;   // of the last end event; may be moved from
  const WireError& error() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headrace::http
