#include "engine/base/list.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace {

struct Element {
  int value = 0;
  headrace::ListLink<Element> link = {};
};
using Elements = headrace::List<Element, &Element::link>;

std::vector<int> values(const Elements& list) {
  std::vector<int> result;
  for (const Element* e = list.front(); e != nullptr; e = e->link.next) result.push_back(e->value);
  return result;
}

}  // namespace

TEST_CASE("an intrusive list keeps its order when elements leave from anywhere") {
  Element a{1}, b{2}, c{3};
  Elements list;
  list.push_back(b);
  list.push_back(c);
  list.push_front(a);
  CHECK(values(list) == std::vector{1, 2, 3});
  list.erase(b);
  CHECK(values(list) == std::vector{1, 3});
  list.erase(a);
  list.push_back(b);
  CHECK(values(list) == std::vector{3, 2});
  list.erase(b);
  list.erase(c);
  CHECK(list.empty());
  CHECK(list.size() == 0);
  list.push_back(a);
  CHECK(values(list) == std::vector{1});
}
