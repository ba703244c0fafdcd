#include "engine/http/framing.hpp"

#include <algorithm>
#include <charconv>
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
  std::string fault;
};

// 1*DIGIT and nothing else: no sign, no space, no overflow.
std::optional<std::uint64_t> length_of(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
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
      fields.fault = "the response's Content-Length is not a number of bytes: " + quoted(value);
    else if (fields.content_length.value_or(*length) != *length)
      fields.fault = "the response has two Content-Lengths that differ";
    else
      fields.content_length = length;
    return fields.fault.empty();
  });
}

void read_transfer_encoding(std::string_view value, FramingFields& fields) {
  fields.chunked = !fields.transfer_encoding && equal_ignoring_case(trimmed(value), "chunked");
  fields.transfer_encoding = true;
  if (!fields.chunked)
    fields.fault =
        "the response's Transfer-Encoding is not \"chunked\" alone, so its end cannot be known: " +
        quoted(value);
}

// llhttp before 9.4 overlooks "close" with HTAB behind it.
void read_connection(std::string_view value, FramingFields& fields) {
  for_each_element(value, [&](std::string_view option) {
    fields.close = fields.close || equal_ignoring_case(option, "close");
    fields.keep_alive = fields.keep_alive || equal_ignoring_case(option, "keep-alive");
    return true;
  });
}

FramingFields read_fields(const Headers& headers) {
  FramingFields fields;
  for (const Field field : headers) {
    // The lengths differ, so most fields are told apart without being read.
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
        continue;
    }
    if (!fields.fault.empty()) break;
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

}  // namespace

std::expected<FramingDecision, std::string> decide_framing(const FramingFacts& facts,
                                                           const Headers& headers) {
  FramingFields fields = read_fields(headers);
  if (!fields.fault.empty()) return std::unexpected(std::move(fields.fault));
  if (fields.transfer_encoding && fields.content_length)
    return std::unexpected("the response has both Transfer-Encoding and Content-Length");
  if (fields.transfer_encoding && facts.http_minor == 0)
    return std::unexpected("the response has a Transfer-Encoding, which HTTP/1.0 does not know");

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
