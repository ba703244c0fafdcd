#include "engine/http/response_reader.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/http/limits.hpp"
#include "engine/http/response_reader_state.hpp"

// Theory of operation
//
//     between --"H"--> head --+--> body_length --------------------------+--> between
//        ^                    +--> body_until_close --end of stream------+--> finished
//        |                    +--> chunk_line <--> chunk_data            |
//        +--1xx, no body------+        +--last chunk--> trailers --------+
//
// llhttp cuts heads into tokens and decodes chunks; it decides nothing. Each of its callbacks that
// matters pauses it, so that its position is exact and each step below sees one thing at a time.
// Every field is a plain field to it (`header_state` is cleared): where the response ends is
// decided by decide_framing(). It is reset for each response, and sees no body but a chunked one:
// the others need no parser.
//
// Limits and split-invariance (S35, S36) come from one rule: a phase with a budget never shows
// llhttp a byte beyond it. Whatever is wrong within the budget is found however the bytes are cut,
// and what is over it is found at the same byte.
namespace headrace::http {
namespace {

using Kind = ResponseEvent::Kind;

std::string_view place_of(ReadPhase phase) {
  switch (phase) {
    case ReadPhase::between:
      return "after an informational response";
    case ReadPhase::head:
      return "in the response's head";
    case ReadPhase::body_length:
    case ReadPhase::body_until_close:
      return "in the response's body";
    case ReadPhase::chunk_line:
    case ReadPhase::chunk_data:
      return "in the response's chunked body";
    case ReadPhase::trailers:
      return "in the response's trailers";
    case ReadPhase::finished:
    case ReadPhase::failed:
      break;
  }
  return "after the last response";
}

}  // namespace

ResponseEvent ResponseReader::State::next(Bytes& bytes) {
  for (;;) {
    switch (phase) {
      case ReadPhase::failed:
        return {.kind = Kind::failed};
      case ReadPhase::between:
      case ReadPhase::finished:
        if (!begin(bytes))
          return {.kind = phase == ReadPhase::failed ? Kind::failed : Kind::need_more};
        if (take_known_head(bytes)) return {.kind = Kind::head};
        break;
      case ReadPhase::body_length:
        return take_length_body(bytes);
      case ReadPhase::body_until_close:
        return take_body_until_close(bytes);
      default:
        break;
    }
    if (bytes.empty() && !paused) return {.kind = Kind::need_more};
    if (!advance(bytes)) return {.kind = Kind::failed};
    if (stop == Stop::nothing) {
      if (!bytes.empty()) return over_budget();
      return {.kind = Kind::need_more};
    }
    if (const ResponseEvent event = on_stop(); event.kind != Kind::need_more) return event;
  }
}

ResponseEvent ResponseReader::State::take_length_body(Bytes& bytes) {
  if (body_bytes_left == 0) return complete();
  if (bytes.empty()) return {.kind = Kind::need_more};
  const Bytes data = bytes.substr(0, body_bytes_left);
  body_bytes_left -= data.size();
  bytes.remove_prefix(data.size());
  return {.kind = Kind::body, .data = data};
}

ResponseEvent ResponseReader::State::take_body_until_close(Bytes& bytes) {
  if (bytes.empty()) return {.kind = Kind::need_more};
  const Bytes data = bytes.substr(0, static_cast<std::size_t>(body_bytes_max() - body_bytes));
  if (data.empty()) return over_body_limit();
  body_bytes += data.size();
  bytes.remove_prefix(data.size());
  return {.kind = Kind::body, .data = data};
}

std::optional<Bytes> ResponseReader::State::take_rest(Bytes& bytes) {
  if (phase != ReadPhase::body_length || body_bytes_left > bytes.size()) return std::nullopt;
  const Bytes body_whole = bytes.substr(0, body_bytes_left);
  bytes.remove_prefix(body_whole.size());
  complete();
  return body_whole;
}

bool ResponseReader::State::skip_crlfs(Bytes& bytes) noexcept {
  while (!bytes.empty() && bytes.front() == (half_crlf ? '\n' : '\r')) {
    half_crlf = !half_crlf;
    bytes.remove_prefix(1);
  }
  return bytes.empty();
}

// The head is the last one once more, which was within the limits.
bool ResponseReader::State::take_known_head(Bytes& bytes) {
  const ResponseHead* const known_head = expected.head ? nullptr : known.same(bytes);
  if (known_head == nullptr || known_head->content_length > body_bytes_max()) return false;
  head = *known_head;
  head_bytes = known.bytes();
  head_fields = head.headers.size();
  bytes.remove_prefix(head_bytes);
  await_body();
  return true;
}

// Drops CRLFs and starts the next response, if there is a byte of one.
bool ResponseReader::State::begin(Bytes& bytes) {
  if (skip_crlfs(bytes)) return false;
  if (half_crlf || phase == ReadPhase::finished) {
    stray_bytes();
    return false;
  }
  paused = false;
  phase = ReadPhase::head;
  in_response = true;
  head_bytes = head_fields = line_bytes = extension_bytes = 0;
  body_bytes = 0;
  status_line.clear();
  fields.begin();
  trailers.clear();
  return true;
}

// How many bytes the phase may still take.
std::size_t ResponseReader::State::budget() const {
  switch (phase) {
    case ReadPhase::head:
      return limits.head_bytes_max - head_bytes;
    case ReadPhase::trailers:
      return limits.head_bytes_max - head_bytes + 2;  // the CRLF at their end is not theirs
    case ReadPhase::chunk_line:
      return limits::chunk_line_bytes + limits::chunk_extension_bytes_max - extension_bytes -
             line_bytes;
    default:
      return Bytes::npos;
  }
}

// Lets llhttp read until it stops for something or the budget or the bytes are used up.
bool ResponseReader::State::advance(Bytes& bytes) {
  const Bytes slice = bytes.empty() ? Bytes{""} : bytes.substr(0, budget());
  if (phase == ReadPhase::head && !status_line.complete() && !status_line.scan(slice)) {
    fail(ErrorCode::protocol_error, status_line.fault(slice));
    return false;
  }
  fields.begin_slice(slice);
  if (paused) llhttp_resume(&parser);
  stop = Stop::nothing;
  const bool at_head = phase == ReadPhase::head && head_bytes == 0;
  KnownHead::Read read;
  if (at_head) read = known.read(slice, parser, fields);
  if (read.complete) stop = Stop::head;
  if (!read.complete && !execute(slice, read)) return false;
  const std::size_t used = read.bytes;
  bytes.remove_prefix(std::min(used, bytes.size()));
  if (at_head && stop == Stop::head) known.remember(slice.substr(0, used), fields);
  if (phase == ReadPhase::head || phase == ReadPhase::trailers) {
    head_bytes += used;
    fields.end_slice(used, stop != Stop::head && stop != Stop::message);
  } else if (phase == ReadPhase::chunk_line) {
    line_bytes += used;
  }
  return true;
}

// Shows llhttp what comes behind what was read.
bool ResponseReader::State::execute(Bytes slice, KnownHead::Read& read) {
  if (read.code == HPE_OK)
    read.code = llhttp_execute(&parser, slice.data() + read.bytes, slice.size() - read.bytes);
  if (thrown) std::rethrow_exception(std::exchange(thrown, {}));
  paused = read.code == HPE_PAUSED;
  if (read.code != HPE_OK && !paused) {
    if (phase != ReadPhase::failed) malformed();
    return false;
  }
  read.bytes = paused ? static_cast<std::size_t>(llhttp_get_error_pos(&parser) - slice.data())
                      : slice.size();
  return true;
}

// Gives need_more when there is nothing to tell and reading goes on.
ResponseEvent ResponseReader::State::on_stop() {
  switch (stop) {
    case Stop::head:
      return on_head();
    case Stop::chunk_data:
      return {.kind = Kind::body, .data = body};
    case Stop::chunk_line:
      return on_chunk_line();
    case Stop::chunk_end:
      if (phase == ReadPhase::chunk_data) phase = ReadPhase::chunk_line;
      line_bytes = 0;
      return {};
    case Stop::message:
      fields.finish(trailers);
      return complete();
    case Stop::nothing:
      break;
  }
  return {};
}

ResponseEvent ResponseReader::State::on_head() {
  head.status = status_line.status();
  head.http_minor = status_line.http_minor();
  head.reason = status_line.take_reason();
  head_fields = fields.lines().size();
  fields.finish(head.headers);
  const auto decision = decide_framing(
      {.status = head.status, .http_minor = head.http_minor, .head = expected.head}, head.headers);
  if (!decision) return unsound_framing(decision.error());
  if (head.status == 101 && !expected.upgrade) return switched_protocols();
  if (decision->content_length > body_bytes_max()) return over_body_limit();
  frame(*decision);
  if (head.status < 200 && head.status != 101) return on_informational();
  if (!expected.head) known.keep(head);
  return {.kind = Kind::head};
}

ResponseEvent ResponseReader::State::on_informational() {
  phase = ReadPhase::between;
  if (++informational_count <= limits.informational_max) return {.kind = Kind::informational};
  return fail(ErrorCode::informational_flood, "the server sent more than " +
                                                  std::to_string(limits.informational_max) +
                                                  " informational responses before the final one");
}

void ResponseReader::State::frame(const FramingDecision& decision) {
  head.framing = decision.framing;
  head.content_length = decision.content_length;
  head.persistent = decision.persistent;
  head.keep_alive_hint = decision.keep_alive_hint;
  await_body();
}

void ResponseReader::State::await_body() {
  switch (head.framing) {
    case Framing::none:
    case Framing::length:
      phase = ReadPhase::body_length;
      body_bytes_left = head.content_length;
      break;
    case Framing::chunked:  // in llhttp's own words
      if (!paused) {        // the head is a known one
        parser = known.parser();
        paused = llhttp_execute(&parser, "\r\n", 2) == HPE_PAUSED;
      }
      parser.flags |= F_TRANSFER_ENCODING | F_CHUNKED;
      phase = ReadPhase::chunk_line;
      break;
    case Framing::until_close:
      phase = ReadPhase::body_until_close;
      break;
  }
}

ResponseEvent ResponseReader::State::on_chunk_line() {
  if (line_bytes > limits::chunk_line_bytes)
    extension_bytes += line_bytes - limits::chunk_line_bytes;
  if (parser.content_length > body_bytes_max() - body_bytes) return over_body_limit();
  body_bytes += parser.content_length;
  phase = ReadPhase::chunk_data;
  if (parser.content_length != 0) return {};
  phase = ReadPhase::trailers;
  fields.begin();
  return {};
}

ResponseEvent ResponseReader::State::complete() {
  phase = head.persistent ? ReadPhase::between : ReadPhase::finished;
  paused = false;
  in_response = false;
  informational_count = 0;
  expected = {};
  return {.kind = Kind::end};
}

void ResponseReader::State::stray_bytes() {
  fail(ErrorCode::protocol_error,
       half_crlf ? "there is a CR without LF between two responses"
                 : "bytes came after the response that was to be the connection's last");
}

void ResponseReader::State::malformed() {
  fail(ErrorCode::protocol_error, "the response is malformed " + std::string{place_of(phase)} +
                                      ": " + llhttp_get_error_reason(&parser));
}

ResponseEvent ResponseReader::State::unsound_framing(const FramingFault& fault) {
  return fail(ErrorCode::protocol_error, to_string(fault));
}

ResponseEvent ResponseReader::State::switched_protocols() {
  return fail(ErrorCode::protocol_error,
              "the server switched protocols (101), which the request had not asked for");
}

// advance() throws it on.
int ResponseReader::State::keep_exception() noexcept {
  thrown = std::current_exception();
  return HPE_USER;
}

ResponseEvent ResponseReader::State::over_budget() {
  switch (phase) {
    case ReadPhase::head:
    case ReadPhase::trailers:
      return fail(ErrorCode::head_too_large, "the response's head and trailers are over " +
                                                 std::to_string(limits.head_bytes_max) + " bytes");
    case ReadPhase::chunk_line:
      return fail(ErrorCode::head_too_large, "the response's chunk extensions are over " +
                                                 std::to_string(limits::chunk_extension_bytes_max) +
                                                 " bytes");
    default:
      return fail(ErrorCode::internal, "the response's parser stopped without a reason");
  }
}

void ResponseReader::State::over_field_limit() {
  fail(ErrorCode::head_too_large,
       "the response has more than " + std::to_string(limits.head_fields_max) + " header fields");
}

ResponseEvent ResponseReader::State::over_body_limit() {
  return fail(ErrorCode::body_too_large,
              "the response's body is over " + std::to_string(limits.body_bytes_max) + " bytes");
}

ResponseEvent ResponseReader::State::fail(ErrorCode code, std::string detail) {
  phase = ReadPhase::failed;
  error = {.code = code, .detail = std::move(detail)};
  return {.kind = Kind::failed};
}

ResponseEvent ResponseReader::State::finish(bool clean) {
  if (phase == ReadPhase::failed) return {.kind = Kind::failed};
  // A caller that left off before need_more: what is known without another byte comes first.
  Bytes none;
  if (in_response)
    if (const ResponseEvent event = next(none); event.kind != Kind::need_more) return event;
  if (!in_response) return {};
  if (phase != ReadPhase::body_until_close || !clean) return lost(clean);
  return complete();
}

ResponseEvent ResponseReader::State::lost(bool clean) {
  const std::string_view how =
      clean ? "the server closed the connection " : "the connection broke ";
  return fail(ErrorCode::connection_lost, std::string{how}.append(place_of(phase)));
}

ResponseReader::ResponseReader(const Limits& limits) : state_(std::make_unique<State>(limits)) {}
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

void ResponseReader::expect(Expected expected) { state_->expected = expected; }
ResponseEvent ResponseReader::next(Bytes& bytes) { return state_->next(bytes); }
ResponseEvent ResponseReader::finish(bool clean) { return state_->finish(clean); }
std::optional<Bytes> ResponseReader::take_rest(Bytes& bytes) { return state_->take_rest(bytes); }
std::uint64_t ResponseReader::body_left() const noexcept {
  return state_->phase == ReadPhase::body_length ? state_->body_bytes_left : 0;
}
void ResponseReader::skip_body(std::uint64_t count) noexcept { state_->body_bytes_left -= count; }
bool ResponseReader::skip_crlfs(Bytes& bytes) { return state_->skip_crlfs(bytes); }
bool ResponseReader::in_response() const noexcept { return state_->in_response; }
ResponseHead& ResponseReader::head() noexcept { return state_->head; }
Headers& ResponseReader::trailers() noexcept { return state_->trailers; }
const WireError& ResponseReader::error() const noexcept { return state_->error; }

}  // namespace headrace::http
