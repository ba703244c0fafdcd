#include "bindings/inventory/json.hpp"

#include <string>

#include "bindings/inventory/json_text.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;

namespace {

bool is_size_or_flag(std::string_view key) { return key == "size" || key == "flag"; }

json::Parsed<std::vector<json::Item>> read(std::string text) {
  return json::read_collection(std::move(text), "vm", is_size_or_flag);
}

std::string nested(std::size_t depth) {
  return R"({"vm":[{"id":"1","a":)" + std::string(depth, '[') + std::string(depth, ']') + "}]}";
}

}  // namespace

TEST_CASE("the items of a collection come with id, name and compact text") {
  const auto items = read(
      "{ \"vm\" : [ {\"id\":\"1\", \"name\":\"a\\u00e9\\n\",\n \"n\" : [1, -2.5e3,"
      " true, null, {} ] }, {\"id\":7} ], \"total\": 2 }");
  REQUIRE(items);
  REQUIRE(items->size() == 2);
  CHECK((*items)[0] == json::Item{.id = "1",
                                  .name = "a\u00e9\n",
                                  .text = "{\"id\":\"1\",\"name\":\"a\u00e9\\n\","
                                          "\"n\":[1,-2.5e3,true,null,{}]}"});
  CHECK((*items)[1] == json::Item{.id = "7", .name = "", .text = R"({"id":7})"});
}

TEST_CASE("an item's id is its own, not that of what it holds") {
  const auto items = read(R"({"vm":[{"host":{"id":"h","name":"n"},"x":[{"id":"y"}]}]})");
  REQUIRE(items);
  REQUIRE(items->size() == 1);
  CHECK((*items)[0].id.empty());
  CHECK((*items)[0].name.empty());
}

TEST_CASE("numbers and booleans lose their quotation marks where they are known to be such") {
  const auto items = read(R"({"vm":[{"size":"10","flag":"true","name":"10","in":{"size":"1e"}}]})");
  REQUIRE(items);
  CHECK(items->at(0).text == R"({"size":10,"flag":true,"name":"10","in":{"size":"1e"}})");
}

TEST_CASE("an empty object is an empty collection, a single object a collection of one") {
  CHECK(read("{}")->empty());
  CHECK(read(R"({"vm":[]})")->empty());
  CHECK(read(R"({"other":[{"id":"1"}]})")->empty());
  CHECK(read(R"({"vm":{"id":"1"}})")->size() == 1);
}

TEST_CASE("JSON that is cut anywhere is refused") {
  const std::string whole = R"({"vm":[{"id":"1","n":[1,true,{"k":"v\u0041"}]},{"id":"2"}],"t":12})";
  REQUIRE(read(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(read(whole.substr(0, size)));
    CHECK_FALSE(json::parse_object(whole.substr(0, size)));
  }
}

TEST_CASE("what is no JSON is refused wherever it stands, with a sentence") {
  for (const char* text : {"",
                           "null",
                           "[]",
                           "\"a\"",
                           "{} {}",
                           "{}x",
                           R"({"vm":[{"id":"1"}]}])",
                           R"({"vm":7})",
                           R"({"vm":[1]})",
                           R"({"vm":[[]]})",
                           R"({"vm":[{"a":tru}]})",
                           R"({"vm":[{"a":01}]})",
                           R"({"vm":[{"a":1.}]})",
                           R"({"vm":[{"a":+1}]})",
                           R"({"vm":[{"a":nul}]})",
                           R"({"vm":[{"a":NaN}]})",
                           R"({"vm":[{"a" "b"}]})",
                           R"({"vm":[{"a":1,}]})",
                           R"({"vm":[{"id":"1"},]})",
                           R"({"vm":[{"a":"\x"}]})",
                           "{\"vm\":[{\"a\":\"\n\"}]}",
                           "{\"vm\":[{\"a\":\"\xff\"}]}",
                           R"({"vm":[{"a":"\ud800"}]})",
                           R"({"x":truefalse})",
                           R"({"x":[1 2]})",
                           R"({"vm":[{"a":'b'}]})",
                           "{vm:[]}"}) {
    CAPTURE(text);
    const auto items = read(text);
    REQUIRE_FALSE(items);
    CHECK_FALSE(items.error().empty());
  }
}

TEST_CASE("nesting is bounded, in what is wanted and in what is not") {
  CHECK(read(nested(60)));
  CHECK_FALSE(read(nested(80)));
  CHECK_FALSE(read(nested(100'000)));
  CHECK_FALSE(json::parse_object(R"({"a":)" + std::string(100'000, '[')));
  CHECK_FALSE(read(R"({"x":)" + std::string(80, '[') + std::string(80, ']') + "}"));
}

TEST_CASE("a parsed object keeps its order, its duplicates and its numbers' spelling") {
  const auto value = json::parse_object(R"({"b":1.50,"a":"x","b":[false,null]})");
  REQUIRE(value);
  REQUIRE(value->members.size() == 3);
  CHECK(value->members[0].first == "b");
  CHECK(value->members[0].second.text == "1.50");
  CHECK(value->members[0].second.kind == json::Kind::number);
  CHECK(value->members[1].second.kind == json::Kind::string);
  CHECK(value->members[2].second.items.at(0).kind == json::Kind::boolean);
  CHECK(value->members[2].second.items.at(1).kind == json::Kind::null);
}

TEST_CASE("a string of an object is found by its key") {
  CHECK(json::read_string(R"({"a":1,"access_token":"t"})", "access_token") == "t");
  CHECK_FALSE(json::read_string(R"({"access_token":1})", "access_token"));
  CHECK_FALSE(json::read_string("<html>", "access_token"));
}

TEST_CASE("text is written as valid JSON whatever its bytes are") {
  const auto written = [](std::string_view bytes) {
    std::string out;
    json::append_string(out, bytes);
    return out;
  };
  CHECK(written("a\"b\\c") == R"("a\"b\\c")");
  CHECK(written(std::string_view("\0\x1f\n\r\t", 5)) == R"("\u0000\u001f\n\r\t")");
  CHECK(written("h\u00e9 \u20ac") == "\"h\u00e9 \u20ac\"");
  CHECK(written("h\xe9\xff\"") == "\"h\u00e9\u00ff\\\"\"");
}

TEST_CASE("numbers are told from what only looks like one") {
  for (const char* text : {"0", "-0", "12", "1.5", "1e9", "1E-9", "-10.25e+3"}) {
    CAPTURE(text);
    CHECK(json::is_number(text));
  }
  for (const char* text : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 ", "inf"}) {
    CAPTURE(text);
    CHECK_FALSE(json::is_number(text));
  }
}
