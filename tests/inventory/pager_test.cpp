#include "bindings/inventory/pager.hpp"

#include "tests/support/catch.hpp"

using headrace::inventory::Pager;
using Pages = std::vector<std::size_t>;

namespace {
constexpr std::size_t all = 1000;
}

TEST_CASE("a collection that fits on a page costs one request") {
  Pager pager(100);
  CHECK(pager.ask(all) == Pages{1});
  CHECK(pager.ask(all).empty());
  pager.on_page(1, 99, 99);
  CHECK(pager.ask(all).empty());
  CHECK(pager.done());
}

TEST_CASE("while pages are full, twice as many are asked for ahead, at most eight") {
  Pager pager(10);
  CHECK(pager.ask(all) == Pages{1});
  pager.on_page(1, 10, 10);
  CHECK(pager.ask(all) == Pages{2, 3});
  pager.on_page(3, 10, 10);
  CHECK(pager.ask(all) == Pages{4, 5, 6});
  for (const std::size_t page : {2U, 4U, 5U, 6U}) pager.on_page(page, 10, 10);
  CHECK(pager.ask(all).size() == Pager::ahead_max);
}

TEST_CASE("no page is asked for without room") {
  Pager pager(10);
  CHECK(pager.ask(0).empty());
  CHECK_FALSE(pager.done());
  CHECK(pager.ask(1) == Pages{1});
  pager.on_page(1, 10, 10);
  CHECK(pager.ask(1) == Pages{2});
}

TEST_CASE("the first short page ends the collection once all that was asked for has come") {
  Pager pager(10);
  pager.ask(all);
  pager.on_page(1, 10, 10);
  CHECK(pager.ask(all) == Pages{2, 3});
  pager.on_page(3, 0, 0);
  CHECK(pager.ask(all).empty());
  CHECK_FALSE(pager.done());
  pager.on_page(2, 4, 4);
  CHECK(pager.done());
  CHECK(pager.is_behind_last(3));
  CHECK_FALSE(pager.is_behind_last(2));
}

TEST_CASE("a server that gives the same page for ever does not keep us for ever") {
  Pager pager(10);
  pager.ask(all);
  pager.on_page(1, 10, 10);
  pager.ask(all);
  pager.on_page(2, 10, 0);
  pager.on_page(3, 10, 0);
  CHECK(pager.ask(all).empty());
  CHECK(pager.done());
}

TEST_CASE("a server that knows no pages gave everything at once") {
  Pager pager(10);
  pager.ask(all);
  pager.on_page(1, 25, 25);
  CHECK(pager.ask(all).empty());
  CHECK(pager.done());
}

TEST_CASE("after a lost page nothing more is asked for") {
  Pager pager(10);
  pager.ask(all);
  pager.on_page(1, 10, 10);
  pager.ask(all);
  pager.on_failed();
  pager.on_page(3, 10, 10);
  CHECK(pager.ask(all).empty());
  CHECK(pager.done());
}
