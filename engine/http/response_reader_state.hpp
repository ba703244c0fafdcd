#pragma once

// Private to the reader: its state, which llhttp's callbacks share with it.

#include <llhttp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>

#include "engine/http/field_collector.hpp"
#include "engine/http/framing.hpp"
#include "engine/http/known_head.hpp"
#include "engine/http/response_reader.hpp"
#include "engine/http/status_line.hpp"

namespace headrace::http {

enum class ReadPhase : std::uint8_t {
  between,           // outside a message: CRLFs are dropped
  head,              // status line and fields, of a 1xx too
  body_length,       // as many bytes as Content-Length said, which may be none
  body_until_close,  // everything up to the end of the stream
  chunk_line,        // a chunk's size and extensions
  chunk_data,        // a chunk's bytes and the CRLF behind them
  trailers,          // after the last chunk
  finished,          // the last response the connection may carry is complete
  failed,
};

// What llhttp stopped for.
enum class Stop : std::uint8_t { nothing, head, chunk_data, chunk_line, chunk_end, message };

struct ResponseReader::State {
  explicit State(const Limits& given) : limits(given) {
    constexpr std::size_t head_bytes_most = std::numeric_limits<std::uint32_t>::max();
    limits.head_bytes_max = std::min(limits.head_bytes_max, head_bytes_most);
    llhttp_init(&parser, HTTP_RESPONSE, &settings);
    parser.data = this;
  }

  ResponseEvent next(Bytes& bytes);
  ResponseEvent finish(bool clean);

  std::optional<Bytes> take_rest(Bytes& bytes);
  bool skip_crlfs(Bytes& bytes) noexcept;
  bool take_known_head(Bytes& bytes);
  bool begin(Bytes& bytes);
  std::size_t budget() const;
  bool advance(Bytes& bytes);
  bool execute(Bytes slice, KnownHead::Read& read);
  ResponseEvent take_length_body(Bytes& bytes);
  ResponseEvent take_body_until_close(Bytes& bytes);
  ResponseEvent on_stop();
  ResponseEvent on_head();
  ResponseEvent on_informational();
  ResponseEvent on_chunk_line();
  ResponseEvent complete();
  void frame(const FramingDecision& decision);
  void await_body();
  std::uint64_t body_bytes_max() const noexcept {
    return expected.streamed ? std::numeric_limits<std::uint64_t>::max() : limits.body_bytes_max;
  }
  void stray_bytes();
  void malformed();
  ResponseEvent unsound_framing(const FramingFault& fault);
  ResponseEvent switched_protocols();
  ResponseEvent over_budget();
  void over_field_limit();
  ResponseEvent over_body_limit();
  ResponseEvent fail(ErrorCode code, std::string detail);
  ResponseEvent lost(bool clean);

  int keep_exception() noexcept;
  int stop_for(Stop reason) {
    stop = reason;
    return HPE_PAUSED;
  }
  static State& of(llhttp_t* parser) { return *static_cast<State*>(parser->data); }
  template <class Work>
  static int guarded(llhttp_t* parser, Work work) noexcept;
  static int on_field_name(llhttp_t* parser, const char* at, std::size_t size);
  static int on_field_name_complete(llhttp_t* parser);
  static int on_field_value(llhttp_t* parser, const char* at, std::size_t size);
  static int on_body(llhttp_t* parser, const char* at, std::size_t size);
  static llhttp_settings_t make_settings();
  static const llhttp_settings_t settings;

  Limits limits;
  Expected expected = {};
  llhttp_t parser = {};
  ReadPhase phase = ReadPhase::between;
  Stop stop = Stop::nothing;
  bool paused = false;
  std::exception_ptr thrown;  // in a callback of llhttp's
  bool half_crlf = false;     // a CR between messages awaits its LF
  bool in_response = false;
  unsigned informational_count = 0;
  std::size_t head_bytes = 0;         // of this head and its trailers
  std::size_t head_fields = 0;        // of this head, once it is complete
  std::size_t line_bytes = 0;         // of this chunk-size line
  std::size_t extension_bytes = 0;    // of this response's, beyond plain chunk-size lines
  std::uint64_t body_bytes = 0;       // delivered, and with chunks announced
  std::uint64_t body_bytes_left = 0;  // of a body_length
  Bytes body;                         // what llhttp stopped for
  StatusLine status_line;
  FieldCollector fields;
  KnownHead known;
  ResponseHead head;
  Headers trailers;
  WireError error;
};

}  // namespace headrace::http
