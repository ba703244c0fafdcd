#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headrace::json {

// The one door to the JSON parser. Texts come from strangers: nothing here throws or crashes for
// what they hold, nesting is bounded, and whatever is accepted was checked to the last byte.

inline constexpr std::size_t depth_max = 64;  // simdjson's own bound is 1024, Python's about 1000

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// One value of a parsed text. Members keep their order and their duplicates, so that a caller can
/// refuse a key that is given twice.
struct Value {
  Kind kind = Kind::null;
  std::string text = {};  ///< a string's content; a number's or boolean's own spelling
  std::vector<Value> items = {};
  std::vector<std::pair<std::string, Value>> members = {};
};

/// One element of a collection.
struct Item {
  std::string id = {};
  std::string name = {};
  std::string text = {};  ///< the whole element as compact JSON on one line

  friend bool operator==(const Item&, const Item&) = default;
};

/// Says of a member's name that its value is a number or a boolean, also when the server writes it
/// in quotation marks.
using IsScalar = bool (*)(std::string_view key);

/// What was wrong with a text: one sentence for a person.
template <class T>
using Parsed = std::expected<T, std::string>;

/// Reads one object and all that is in it.
Parsed<Value> parse_object(std::string text);

/// Reads the elements of `{"<member>":[{...},...]}`. An object without that member is an empty
/// collection; a single object in place of the array is a collection of one. Quotation marks around
/// numbers and booleans are taken off where `is_scalar` says so.
Parsed<std::vector<Item>> read_collection(std::string text, std::string_view member,
                                          IsScalar is_scalar);

/// The string member `key` of an object.
Parsed<std::string> read_string(std::string text, std::string_view key);

bool is_utf8(std::string_view bytes) noexcept;

}  // namespace headrace::json
