#include "engine/base/ring.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/splitmix.hpp"
#include "tests/support/catch.hpp"

using headrace::Ring;

namespace {

std::vector<std::string> list(const Ring<std::string>& ring) { return {ring.begin(), ring.end()}; }

}  // namespace

TEST_CASE("a ring gives its elements in the order they came, also where it wraps and grows") {
  Ring<std::string> ring;
  std::deque<std::string> model;
  headrace::SplitMix random(1);
  for (int step = 0; step < 2000; ++step) {
    if (random() % 5 < 3 || model.empty()) {
      model.push_back(std::to_string(step));
      ring.push_back(std::to_string(step));
    } else if (random() % 4 > 0) {
      model.pop_front();
      ring.pop_front();
    } else if (random() % 2 > 0) {
      const std::size_t at = random() % model.size();
      model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
      ring.erase(at);
    } else {
      model.resize(model.size() / 2);
      ring.truncate(model.size());
    }
    REQUIRE(std::ranges::equal(list(ring), model));
    REQUIRE((model.empty() || ring.back() == model.back()));
  }
}

TEST_CASE("an element that was taken out holds nothing any more") {
  const auto shared = std::make_shared<int>(1);
  Ring<std::shared_ptr<int>> ring;
  for (int i = 0; i < 3; ++i) ring.push_back(shared);
  ring.pop_front();
  CHECK(shared.use_count() == 3);
  ring.truncate(1);
  CHECK(shared.use_count() == 2);
  ring.clear();
  CHECK(shared.use_count() == 1);
}

TEST_CASE("a place found in a ring says its number") {
  Ring<std::string> ring;
  for (const char* text : {"a", "b", "c"}) ring.push_back(text);
  ring.pop_front();
  CHECK(std::ranges::find(ring, "c").index() == 1);
  CHECK(std::ranges::find(std::as_const(ring), "a") == std::as_const(ring).end());
}
