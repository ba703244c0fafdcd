#include "engine/http/framing.hpp"

#include <optional>
#include <string_view>

#include "engine/http/grammar.hpp"
#include "engine/http/quoted.hpp"

namespace headrace::http {
namespace {

// The fields that frame a response and its connection, all lines of each taken together.
struct FramingFields {
  std::optional<std::uint64_t> content_length;
  bool transfer_encoding = false;
  bool chunked = false;  // exactly "Transfer-Encoding: chunked"
  bool close = false;
  bool keep_alive = false;
  bool keep_alive_hint = false;
  FramingFault fault;
};

// 1*DIGIT and nothing else: no sign, no space, no overflow.
std::optional<std::uint64_t> length_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t length = 0;
  for (const char c : text)
    if (!is_digit(c) || __builtin_mul_overflow(length, 10, &length) ||
        __builtin_add_overflow(length, c - '0', &length))
      return std::nullopt;
  return length;
}

// Equal lengths are one, however they are repeated (RFC 9112 §6.3, item 5).
void read_content_length(std::string_view value, FramingFields& fields) {
  if (!fields.content_length) {
    fields.content_length = length_of(value);
    if (fields.content_length) return;
  }
  for_each_element(value, [&](std::string_view element) {
    const auto length = length_of(element);
    if (!length)
      fields.fault = {.what = "the response's Content-Length is not a number of bytes:",
                      .value = value};
    else if (fields.content_length.value_or(*length) != *length)
      fields.fault = {.what = "the response has two Content-Lengths that differ", .value = {}};
    else
      fields.content_length = length;
    return fields.fault.what.empty();
  });
}

void read_transfer_encoding(std::string_view value, FramingFields& fields) {
  fields.chunked = !fields.transfer_encoding && equal_ignoring_case(trimmed(value), "chunked");
  fields.transfer_encoding = true;
  if (!fields.chunked)
    fields.fault = {.what =
                        "the response's Transfer-Encoding is not \"chunked\" alone, so its end "
                        "cannot be known:",
                    .value = value};
}

// llhttp before 9.4 overlooks "close" with HTAB behind it.
void read_connection(std::string_view value, FramingFields& fields) {
  for_each_element(value, [&](std::string_view option) {
    fields.close = fields.close || equal_ignoring_case(option, "close");
    fields.keep_alive = fields.keep_alive || equal_ignoring_case(option, "keep-alive");
    return true;
  });
}

void read_field(const Field& field, FramingFields& fields) {
  switch (field.name.size()) {
    case 10:
      if (equal_ignoring_case(field.name, "Connection")) read_connection(field.value, fields);
      if (equal_ignoring_case(field.name, "Keep-Alive")) fields.keep_alive_hint = true;
      break;
    case 14:
      if (equal_ignoring_case(field.name, "Content-Length"))
        read_content_length(field.value, fields);
      break;
    case 17:
      if (equal_ignoring_case(field.name, "Transfer-Encoding"))
        read_transfer_encoding(field.value, fields);
      break;
    default:
      break;
  }
}

// Most names are told apart by their length, without being read.
constexpr bool may_frame(std::size_t name_bytes) noexcept {
  return name_bytes == 10 || name_bytes == 14 || name_bytes == 17;
}

FramingFields read_fields(const Headers& headers) {
  FramingFields fields;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!may_frame(headers[i].name.size())) continue;
    read_field(headers[i], fields);
    if (!fields.fault.what.empty()) break;
  }
  return fields;
}

bool has_no_body(const FramingFacts& facts) {
  return facts.head || facts.status < 200 || facts.status == 204 || facts.status == 304;
}

Framing framing_of(const FramingFacts& facts, const FramingFields& fields) {
  if (has_no_body(facts)) return Framing::none;
  if (fields.chunked) return Framing::chunked;
  return fields.content_length ? Framing::length : Framing::until_close;
}

std::unexpected<FramingFault> unsound(std::string_view what) {
  return std::unexpected(FramingFault{.what = what, .value = {}});
}

}  // namespace

std::string to_string(const FramingFault& fault) {
  std::string text{fault.what};
  if (text.ends_with(':')) text.append(" ").append(quoted(fault.value));
  return text;
}

std::expected<FramingDecision, FramingFault> decide_framing(const FramingFacts& facts,
                                                            const Headers& headers) {
  const FramingFields fields = read_fields(headers);
  if (!fields.fault.what.empty()) return std::unexpected(fields.fault);
  if (fields.transfer_encoding && fields.content_length)
    return unsound("the response has both Transfer-Encoding and Content-Length");
  if (fields.transfer_encoding && facts.http_minor == 0)
    return unsound("the response has a Transfer-Encoding, which HTTP/1.0 does not know");

  const Framing framing = framing_of(facts, fields);
  const bool kept = facts.http_minor == 1 || fields.keep_alive;
  // After 101 the connection speaks another protocol.
  const bool other_protocol = facts.status == 101;
  return FramingDecision{
      .framing = framing,
      .content_length = framing == Framing::length ? *fields.content_length : 0,
      .persistent = kept && !fields.close && framing != Framing::until_close && !other_protocol,
      .keep_alive_hint = fields.keep_alive_hint};
}

}  // namespace headrace::http
