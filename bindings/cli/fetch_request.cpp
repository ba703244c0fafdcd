#include "bindings/cli/fetch_request.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/common/base64.hpp"
#include "bindings/inventory/json.hpp"

namespace headrace::cli {
namespace {

using json::Kind;
using json::Value;
using Problem = std::optional<std::string>;

// What a line is made of while it is read.
struct Draft {
  Request request = {};
  bool has_body = false;
};

Problem wrong(std::string_view key, std::string_view expected) {
  return "\"" + std::string(key) + "\" must be " + std::string(expected);
}

Problem take_string(std::string_view key, Value& value, std::string& into) {
  if (value.kind != Kind::string) return wrong(key, "a string");
  into = std::move(value.text);
  return std::nullopt;
}

Problem read_id(Draft&, Value&) { return std::nullopt; }  // it was read before all others

Problem read_method(Draft& draft, Value& value) {
  return take_string("method", value, draft.request.method);
}

Problem read_url(Draft& draft, Value& value) {
  return take_string("url", value, draft.request.url);
}

Problem read_headers(Draft& draft, Value& value) {
  if (value.kind != Kind::array) return wrong("headers", "an array of [\"Name\",\"value\"] pairs");
  for (const Value& pair : value.items) {
    const bool good = pair.kind == Kind::array && pair.items.size() == 2 &&
                      pair.items[0].kind == Kind::string && pair.items[1].kind == Kind::string;
    if (!good) return wrong("headers", "an array of [\"Name\",\"value\"] pairs");
    draft.request.headers.append(pair.items[0].text, pair.items[1].text);
  }
  return std::nullopt;
}

Problem claim_body(Draft& draft) {
  if (std::exchange(draft.has_body, true)) return "give \"body\" or \"body_base64\", not both";
  return std::nullopt;
}

Problem read_body(Draft& draft, Value& value) {
  if (auto problem = claim_body(draft)) return problem;
  return take_string("body", value, draft.request.body);
}

Problem read_body_base64(Draft& draft, Value& value) {
  if (auto problem = claim_body(draft)) return problem;
  std::optional<std::string> bytes;
  if (value.kind == Kind::string) bytes = base64_decode(value.text);
  if (!bytes) return wrong("body_base64", "a string of base64 with its padding");
  draft.request.body = std::move(*bytes);
  return std::nullopt;
}

Problem read_timeout(Draft& draft, Value& value) {
  std::int64_t count = -1;
  const char* const end = value.text.data() + value.text.size();
  if (value.kind == Kind::number) {
    const auto [stopped, error] = std::from_chars(value.text.data(), end, count);
    if (error != std::errc() || stopped != end) count = -1;
  }
  if (count < 0 || count > timeout_ms_max)
    return wrong("timeout_ms", "a whole number of milliseconds, at most a year, 0 for no limit");
  draft.request.timeout = std::chrono::milliseconds(count);
  return std::nullopt;
}

Problem read_repeat(Draft& draft, Value& value) {
  constexpr std::array<std::pair<std::string_view, Repeat>, 3> names = {
      {{"by_method", Repeat::by_method},
       {"allowed", Repeat::allowed},
       {"forbidden", Repeat::forbidden}}};
  for (const auto& [name, repeat] : names) {
    if (value.kind != Kind::string || value.text != name) continue;
    draft.request.repeat = repeat;
    return std::nullopt;
  }
  return wrong("repeat", "\"by_method\", \"allowed\" or \"forbidden\"");
}

struct Key {
  std::string_view name;
  Problem (*read)(Draft&, Value&);
};
constexpr std::array<Key, 8> keys = {{{"id", read_id},
                                      {"method", read_method},
                                      {"url", read_url},
                                      {"headers", read_headers},
                                      {"body", read_body},
                                      {"body_base64", read_body_base64},
                                      {"timeout_ms", read_timeout},
                                      {"repeat", read_repeat}}};

// A name from a stranger's text, cut to what fits in a message.
std::string shown(std::string_view name) { return "\"" + std::string(name.substr(0, 40)) + "\""; }

std::size_t times_given(const Value& object, std::string_view name) {
  std::size_t count = 0;
  for (const auto& member : object.members) count += member.first == name ? 1 : 0;
  return count;
}

Problem read_member(Draft& draft, const Value& object, const std::string& name, Value& value) {
  for (const Key& key : keys) {
    if (key.name != name) continue;
    if (times_given(object, name) > 1) return shown(name) + " is given twice";
    return value.kind == Kind::null ? std::nullopt : key.read(draft, value);
  }
  return "there is no key " + shown(name) +
         ": use id, method, url, headers, body, body_base64, timeout_ms, repeat";
}

std::optional<std::string> find_id(const Value& object) {
  if (times_given(object, "id") != 1) return std::nullopt;
  for (const auto& [name, value] : object.members)
    if (name == "id" && value.kind == Kind::string) return value.text;
  return std::nullopt;
}

}  // namespace

FetchLine parse_fetch_line(std::string text) {
  auto object = json::parse_object(std::move(text));
  if (!object) return {.request = std::unexpected(std::move(object.error()))};
  FetchLine line{.id = find_id(*object)};
  Draft draft;
  for (auto& [name, value] : object->members) {
    if (auto problem = read_member(draft, *object, name, value)) {
      line.request = std::unexpected(std::move(*problem));
      return line;
    }
  }
  if (!line.id) {
    line.request = std::unexpected(std::string("give an \"id\" that is a string"));
  } else if (draft.request.url.empty()) {
    line.request = std::unexpected(std::string("give a \"url\" that is a string"));
  } else {
    line.request = std::move(draft.request);
  }
  return line;
}

}  // namespace headrace::cli
