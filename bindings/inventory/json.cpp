#include "bindings/inventory/json.hpp"

#include <simdjson.h>

#include <optional>

#include "bindings/inventory/json_text.hpp"

// Two walks over simdjson's On-Demand iterator: one builds values, one writes compact text. The
// iterator checks only what is looked at, so both look at everything, and a number or literal that
// it would let through unseen is checked by its spelling.

namespace headrace::json {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

std::unexpected<std::string> refuse(error_code error) {
  return std::unexpected("not valid JSON: " + std::string(simdjson::error_message(error)));
}
std::unexpected<std::string> refuse(const char* why) { return std::unexpected(std::string(why)); }

constexpr const char* too_deep = "not accepted: arrays and objects are nested more than 64 deep";

// A number or literal as it is spelled, or a refusal: the iterator's token runs on to the next one.
Parsed<std::string_view> spelling(ondemand::value& value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && std::string_view(" \t\r\n").contains(token.back()))
    token.remove_suffix(1);
  const bool literal = token == "true" || token == "false" || token == "null";
  if (!literal && !is_number(token)) return refuse("not valid JSON: a value is misspelt");
  return token;
}

Kind kind_of(std::string_view scalar) {
  if (scalar == "null") return Kind::null;
  return scalar == "true" || scalar == "false" ? Kind::boolean : Kind::number;
}

class Builder {
 public:
  Parsed<Value> value(ondemand::value from, std::size_t depth) {
    ondemand::json_type type{};
    if (const error_code error = from.type().get(type)) return refuse(error);
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object inner;
        if (const error_code error = from.get_object().get(inner)) return refuse(error);
        return object(inner, depth);
      }
      case ondemand::json_type::array:
        return array(from, depth);
      case ondemand::json_type::string:
        return string(from);
      default:
        return scalar(from);
    }
  }

  Parsed<Value> object(ondemand::object from, std::size_t depth) {
    if (depth > depth_max) return refuse(too_deep);
    Value made{.kind = Kind::object};
    for (auto member : from) {
      std::string_view key;
      if (const error_code error = member.unescaped_key().get(key)) return refuse(error);
      std::string name(key);
      ondemand::value inner;
      if (const error_code error = member.value().get(inner)) return refuse(error);
      auto built = value(inner, depth + 1);
      if (!built) return built;
      made.members.emplace_back(std::move(name), std::move(*built));
    }
    return made;
  }

 private:
  Parsed<Value> array(ondemand::value& from, std::size_t depth) {
    if (depth > depth_max) return refuse(too_deep);
    Value made{.kind = Kind::array};
    ondemand::array elements;
    if (const error_code error = from.get_array().get(elements)) return refuse(error);
    for (auto element : elements) {
      ondemand::value inner;
      if (const error_code error = element.get(inner)) return refuse(error);
      auto built = value(inner, depth + 1);
      if (!built) return built;
      made.items.push_back(std::move(*built));
    }
    return made;
  }

  static Parsed<Value> string(ondemand::value& from) {
    std::string_view text;
    if (const error_code error = from.get_string().get(text)) return refuse(error);
    return Value{.kind = Kind::string, .text = std::string(text)};
  }

  static Parsed<Value> scalar(ondemand::value& from) {
    const auto spelt = spelling(from);
    if (!spelt) return std::unexpected(spelt.error());
    return Value{.kind = kind_of(*spelt), .text = std::string(*spelt)};
  }
};

// Writes values as compact text. Each step gives what was wrong, or nothing.
class Compactor {
 public:
  using Problem = std::optional<std::string>;

  explicit Compactor(IsScalar is_scalar) : is_scalar_(is_scalar) {}

  // One element of a collection. Its id and name are noted on the way.
  Problem item(ondemand::object from, Item& made) {
    text_.clear();
    item_ = &made;
    if (auto problem = object(from, 1)) return problem;
    made.text = text_;
    return std::nullopt;
  }

  // A value that nobody wants, checked all the same.
  Problem check(ondemand::value from) {
    text_.clear();
    item_ = nullptr;
    return value(from, {}, 1);
  }

 private:
  Problem value(ondemand::value from, std::string_view key, std::size_t depth) {
    ondemand::json_type type{};
    if (const error_code error = from.type().get(type)) return refuse(error).error();
    if (type == ondemand::json_type::object) {
      ondemand::object inner;
      if (const error_code error = from.get_object().get(inner)) return refuse(error).error();
      return object(inner, depth + 1);
    }
    if (type == ondemand::json_type::array) return array(from, depth + 1);
    if (type == ondemand::json_type::string) return string(from, key, depth);
    return scalar(from, key, depth);
  }

  Problem object(ondemand::object from, std::size_t depth) {
    if (depth > depth_max) return too_deep;
    text_ += '{';
    bool first = true;
    for (auto member : from) {
      std::string_view key;
      if (const error_code error = member.unescaped_key().get(key)) return refuse(error).error();
      if (!std::exchange(first, false)) text_ += ',';
      append_key(text_, key);
      ondemand::value inner;
      if (const error_code error = member.value().get(inner)) return refuse(error).error();
      if (auto problem = value(inner, key, depth)) return problem;
    }
    text_ += '}';
    return std::nullopt;
  }

  Problem array(ondemand::value& from, std::size_t depth) {
    if (depth > depth_max) return too_deep;
    ondemand::array elements;
    if (const error_code error = from.get_array().get(elements)) return refuse(error).error();
    text_ += '[';
    bool first = true;
    for (auto element : elements) {
      ondemand::value inner;
      if (const error_code error = element.get(inner)) return refuse(error).error();
      if (!std::exchange(first, false)) text_ += ',';
      if (auto problem = value(inner, {}, depth)) return problem;
    }
    text_ += ']';
    return std::nullopt;
  }

  Problem string(ondemand::value& from, std::string_view key, std::size_t depth) {
    std::string_view content;
    if (const error_code error = from.get_string().get(content)) return refuse(error).error();
    note(key, content, depth);
    const bool bare = content == "true" || content == "false" || is_number(content);
    if (bare && is_scalar_ != nullptr && is_scalar_(key)) {
      text_ += content;
    } else {
      append_string(text_, content);
    }
    return std::nullopt;
  }

  Problem scalar(ondemand::value& from, std::string_view key, std::size_t depth) {
    const auto spelt = spelling(from);
    if (!spelt) return spelt.error();
    if (kind_of(*spelt) == Kind::number) note(key, *spelt, depth);
    text_ += *spelt;
    return std::nullopt;
  }

  // Only the element's own members count, not those of what it holds.
  void note(std::string_view key, std::string_view content, std::size_t depth) {
    if (item_ == nullptr || depth != 1) return;
    if (key == "id") item_->id = content;
    if (key == "name") item_->name = content;
  }

  IsScalar is_scalar_;
  std::string text_;
  Item* item_ = nullptr;
};

// Begins to read a text as one object. The parser may look 64 bytes past the end, so the string
// must own them.
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {
    text_.reserve(text_.size() + simdjson::SIMDJSON_PADDING);
  }

  Parsed<ondemand::object> root() {
    const simdjson::padded_string_view view(text_.data(), text_.size(), text_.capacity());
    if (const error_code error = parser_.iterate(view).get(document_)) return refuse(error);
    ondemand::json_type type{};
    if (const error_code error = document_.type().get(type)) return refuse(error);
    if (type != ondemand::json_type::object) return refuse("a JSON object was expected");
    ondemand::object object;
    if (const error_code error = document_.get_object().get(object)) return refuse(error);
    return object;
  }

  // To be asked after everything was read.
  bool has_more() { return document_.current_location().error() != simdjson::OUT_OF_BOUNDS; }

 private:
  std::string text_;
  ondemand::parser parser_;
  ondemand::document document_;
};

constexpr const char* trailing = "not valid JSON: something follows the object";

Compactor::Problem read_items(ondemand::value from, Compactor& compactor,
                              std::vector<Item>& items) {
  ondemand::json_type type{};
  if (const error_code error = from.type().get(type)) return refuse(error).error();
  if (type == ondemand::json_type::object) {
    ondemand::object only;
    if (const error_code error = from.get_object().get(only)) return refuse(error).error();
    return compactor.item(only, items.emplace_back());
  }
  ondemand::array elements;
  if (from.get_array().get(elements) != simdjson::SUCCESS)
    return "the collection is not an array of objects";
  for (auto element : elements) {
    ondemand::object object;
    if (const error_code error = element.get_object().get(object)) {
      return error == simdjson::INCORRECT_TYPE ? "the collection holds something but objects"
                                               : refuse(error).error();
    }
    if (auto problem = compactor.item(object, items.emplace_back())) return problem;
  }
  return std::nullopt;
}

}  // namespace

Parsed<Value> parse_object(std::string text) {
  Document document(std::move(text));
  auto root = document.root();
  if (!root) return std::unexpected(root.error());
  auto built = Builder().object(*root, 1);
  if (built && document.has_more()) return refuse(trailing);
  return built;
}

Parsed<std::vector<Item>> read_collection(std::string text, std::string_view member,
                                          IsScalar is_scalar) {
  Document document(std::move(text));
  auto root = document.root();
  if (!root) return std::unexpected(root.error());
  Compactor compactor(is_scalar);
  std::vector<Item> items;
  for (auto field : *root) {
    std::string_view key;
    if (const error_code error = field.unescaped_key().get(key)) return refuse(error);
    const bool wanted = key == member;
    ondemand::value inner;
    if (const error_code error = field.value().get(inner)) return refuse(error);
    auto problem = wanted ? read_items(inner, compactor, items) : compactor.check(inner);
    if (problem) return std::unexpected(std::move(*problem));
  }
  if (document.has_more()) return refuse(trailing);
  return items;
}

Parsed<std::string> read_string(std::string text, std::string_view key) {
  auto object = parse_object(std::move(text));
  if (!object) return std::unexpected(std::move(object.error()));
  for (auto& [name, value] : object->members)
    if (name == key && value.kind == Kind::string) return std::move(value.text);
  return std::unexpected("the object has no string \"" + std::string(key) + "\"");
}

bool is_utf8(std::string_view bytes) noexcept {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

}  // namespace headrace::json
