#include "engine/base/slab.hpp"

#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

namespace {

using Texts = headrace::Slab<std::string, headrace::ExchangeId>;

}  // namespace

TEST_CASE("a default id is false and names nothing") {
  Texts texts;
  texts.emplace("first");
  CHECK_FALSE(headrace::ExchangeId{});
  CHECK(texts.find({}) == nullptr);
  CHECK_FALSE(texts.erase({}));
  CHECK(texts.size() == 1);
}

TEST_CASE("an id finds its thing until that is erased") {
  Texts texts;
  CHECK(texts.empty());
  const auto [id, text] = texts.emplace("first");
  CHECK(text == "first");
  REQUIRE(texts.find(id) == &text);
  CHECK(std::as_const(texts).find(id) == &text);
  CHECK(texts.erase(id));
  CHECK(texts.find(id) == nullptr);
  CHECK_FALSE(texts.erase(id));
  CHECK(texts.empty());
}

TEST_CASE("an id kept too long does not name the successor in its slot") {
  Texts texts;
  const auto old = texts.emplace("old").first;
  texts.erase(old);
  const auto young = texts.emplace("young").first;
  CHECK(young.index == old.index);
  CHECK(young != old);
  CHECK(young.number() != old.number());
  CHECK(texts.find(old) == nullptr);
  CHECK_FALSE(texts.erase(old));
  REQUIRE(texts.find(young) != nullptr);
  CHECK(*texts.find(young) == "young");
}

TEST_CASE("an id from beyond the slab names nothing") {
  Texts texts;
  texts.emplace("only");
  CHECK(texts.find({std::numeric_limits<std::uint32_t>::max(), 1}) == nullptr);
}

TEST_CASE("things keep their address while others come and go") {
  Texts texts;
  const auto [id, text] = texts.emplace("stays");
  std::vector<headrace::ExchangeId> others;
  for (int i = 0; i < 1000; ++i) others.push_back(texts.emplace("comes").first);
  for (const auto other : others) texts.erase(other);
  CHECK(texts.find(id) == &text);
  CHECK(text == "stays");
}

TEST_CASE("a steady load uses vacated slots again") {
  Texts texts;
  std::set<std::uint32_t> indices;
  for (int i = 0; i < 1000; ++i) {
    const auto id = texts.emplace("passing").first;
    indices.insert(id.index);
    texts.erase(id);
  }
  CHECK(indices.size() == 1);
}

TEST_CASE("erasing destroys the thing at once") {
  headrace::Slab<std::shared_ptr<int>, headrace::ConnectionId> slab;
  const auto owned = std::make_shared<int>(7);
  const auto id = slab.emplace(owned).first;
  CHECK(owned.use_count() == 2);
  slab.erase(id);
  CHECK(owned.use_count() == 1);
}

TEST_CASE("a visit meets each living thing once and may erase the one it is given") {
  Texts texts;
  texts.emplace("a");
  texts.erase(texts.emplace("gone").first);
  texts.emplace("b");
  texts.emplace("c");
  std::string seen;
  texts.for_each([&](headrace::ExchangeId id, const std::string& text) {
    seen += text;
    if (text == "b") texts.erase(id);
  });
  CHECK(seen == "abc");
  CHECK(texts.size() == 2);
}
