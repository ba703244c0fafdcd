#include "engine/base/slab.hpp"

#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

namespace {

template <class Value>
struct Named {
  explicit Named(Value its_value) : value(std::move(its_value)) {}
  headrace::ExchangeId id;
  Value value;
};

using Texts = headrace::Slab<Named<std::string>>;

}  // namespace

TEST_CASE("a default id is false and names nothing") {
  Texts texts;
  texts.emplace("first");
  CHECK_FALSE(headrace::ExchangeId{});
  CHECK(texts.find({}) == nullptr);
  CHECK(texts.size() == 1);
}

TEST_CASE("an id finds its thing until that is erased") {
  Texts texts;
  CHECK(texts.empty());
  const auto& text = texts.emplace("first");
  const headrace::ExchangeId id = text.id;
  CHECK(text.value == "first");
  REQUIRE(texts.find(id) == &text);
  CHECK(std::as_const(texts).find(id) == &text);
  texts.erase(*texts.find(id));
  CHECK(texts.find(id) == nullptr);
  CHECK(texts.empty());
}

TEST_CASE("an id kept too long does not name the successor in its slot") {
  Texts texts;
  auto& first = texts.emplace("old");
  const auto old = first.id;
  texts.erase(first);
  const auto young = texts.emplace("young").id;
  CHECK(young.index == old.index);
  CHECK(young != old);
  CHECK(young.number() != old.number());
  CHECK(texts.find(old) == nullptr);
  REQUIRE(texts.find(young) != nullptr);
  CHECK(texts.find(young)->value == "young");
  CHECK(&texts[young.index] == texts.find(young));
}

TEST_CASE("an id from beyond the slab names nothing") {
  Texts texts;
  texts.emplace("only");
  CHECK(texts.find({std::numeric_limits<std::uint32_t>::max(), 1}) == nullptr);
}

TEST_CASE("things keep their address while others come and go") {
  Texts texts;
  const auto& text = texts.emplace("stays");
  const headrace::ExchangeId id = text.id;
  std::vector<headrace::ExchangeId> others;
  for (int i = 0; i < 1000; ++i) others.push_back(texts.emplace("comes").id);
  for (const auto other : others) texts.erase(*texts.find(other));
  CHECK(texts.find(id) == &text);
  CHECK(text.value == "stays");
}

TEST_CASE("a steady load uses vacated slots again") {
  Texts texts;
  std::set<std::uint32_t> indices;
  for (int i = 0; i < 1000; ++i) {
    auto& text = texts.emplace("passing");
    indices.insert(text.id.index);
    texts.erase(text);
  }
  CHECK(indices.size() == 1);
}

TEST_CASE("erasing destroys the thing at once") {
  headrace::Slab<Named<std::shared_ptr<int>>> slab;
  const auto owned = std::make_shared<int>(7);
  auto& thing = slab.emplace(owned);
  CHECK(owned.use_count() == 2);
  slab.erase(thing);
  CHECK(owned.use_count() == 1);
}

TEST_CASE("what still lives goes with the slab") {
  const auto owned = std::make_shared<int>(7);
  {
    headrace::Slab<Named<std::shared_ptr<int>>> slab;
    for (int i = 0; i < 200; ++i) slab.emplace(owned);
    slab.erase(slab.emplace(owned));
    CHECK(owned.use_count() == 201);
  }
  CHECK(owned.use_count() == 1);
}

TEST_CASE("a visit meets each living thing once and may erase the one it is given") {
  Texts texts;
  texts.emplace("a");
  texts.erase(texts.emplace("gone"));
  texts.emplace("b");
  texts.emplace("c");
  std::string seen;
  texts.for_each([&](Named<std::string>& text) {
    seen += text.value;
    if (text.value == "b") texts.erase(text);
  });
  CHECK(seen == "abc");
  seen.clear();
  texts.for_each([&](const Named<std::string>& text) { seen += text.value; });
  CHECK(seen == "ac");
  CHECK(texts.size() == 2);
}
