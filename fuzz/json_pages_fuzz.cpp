#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "bindings/inventory/json.hpp"
#include "bindings/inventory/json_text.hpp"
#include "bindings/inventory/row.hpp"
#include "fuzz/require.hpp"

// Any bytes as a page of an inventory: both walks over it agree whether it is JSON, and with a
// parser that reads all of it before it says anything; what they give is JSON that reads the same.
//
// Allowed differences: numbers too large for a machine, which only that parser refuses, and nesting
// over 64, which only we do.

using namespace headrace;
using headrace::fuzz::require;

namespace {

bool is_scalar(std::string_view key) { return key.ends_with('s'); }

enum class Verdict { object, other, refused, number };

Verdict verdict_of(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  const auto error = parser.parse(text).get(element);
  if (error == simdjson::NUMBER_ERROR || error == simdjson::INCORRECT_TYPE) return Verdict::number;
  if (error != simdjson::SUCCESS) return Verdict::refused;
  return element.is_object() ? Verdict::object : Verdict::other;
}

void check_page(const std::string& text) {
  const auto object = json::parse_object(text);
  const auto nothing = json::read_collection(text, "\xff is no key", is_scalar);
  require(object.has_value() == nothing.has_value(), "both walks give the same verdict");
  const Verdict verdict = verdict_of(text);
  if (object)
    require(verdict == Verdict::object || verdict == Verdict::number, "an object to others too");
  else if (!object.error().contains("64 deep"))
    require(verdict != Verdict::object, "what others read as an object is one");

  const auto items = json::read_collection(text, "vm", is_scalar);
  require(object || !items, "nothing of what is no JSON");
  if (!items) return;
  for (const json::Item& item : *items) {
    require(!item.text.contains('\n') && json::is_utf8(item.text), "one line of UTF-8");
    const auto again = json::read_collection("{\"vm\":[" + item.text + "]}", "vm", is_scalar);
    require(again && again->size() == 1 && again->front() == item, "the same when read again");
  }
}

// What a peer sent goes out as it came, or as a string of JSON.
void check_row(const std::string& text) {
  const inventory::RowError error{.collection = text, .id = text, .failure = {"code", text, 0}};
  const std::string line = inventory::to_json(error);
  require(!line.contains('\n') && json::parse_object(line).has_value(), "an error that is JSON");
  std::string quoted;
  json::append_string(quoted, text);
  const auto back = json::read_string("{\"k\":" + quoted + "}", "k");
  require(back.has_value(), "a string that is JSON");
  if (json::is_utf8(text)) require(*back == text, "the same string");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 8192) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_page(text);
  check_row(text);
  return 0;
}
