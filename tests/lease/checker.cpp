#include "tests/lease/checker.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace headrace::lease_model {
namespace {

// The worlds found so far, by number, with the steps between them turned round.
class Atlas {
 public:
  std::size_t add(const World& world) {
    const auto [found, added] = numbers_.try_emplace(std::string(world.bytes()), worlds_.size());
    if (added) {
      worlds_.push_back(world);
      before_.emplace_back();
    }
    return found->second;
  }
  void link(std::size_t from, std::size_t to) { before_[to].push_back(from); }
  std::size_t size() const { return worlds_.size(); }
  World world(std::size_t number) const { return worlds_[number]; }

  // The first world from which none of the finished ones can be reached; size() when there is none.
  std::size_t first_stuck() const {
    std::vector<bool> good(size());
    std::vector<std::size_t> todo;
    const auto mark = [&](std::size_t number) {
      if (good[number]) return;
      good[number] = true;
      todo.push_back(number);
    };
    for (std::size_t i = 0; i < size(); ++i)
      if (finished(worlds_[i])) mark(i);
    while (!todo.empty()) {
      const std::size_t number = todo.back();
      todo.pop_back();
      for (const std::size_t previous : before_[number]) mark(previous);
    }
    std::size_t first = 0;
    while (first < size() && good[first]) ++first;
    return first;
  }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<World> worlds_;
  std::vector<std::vector<std::size_t>> before_;
};

}  // namespace

Verdict check(const Scene& scene) {
  Atlas atlas;
  atlas.add(first_world(scene));
  for (std::size_t number = 0; number < atlas.size(); ++number) {
    const World world = atlas.world(number);
    if (const std::string_view found = defect(world); !found.empty())
      return {.defect = found, .worlds = atlas.size()};
    for (const World& next : next_worlds(scene, world)) atlas.link(number, atlas.add(next));
  }
  if (atlas.first_stuck() < atlas.size())
    return {.defect = "work is left that nobody will ever do", .worlds = atlas.size()};
  return {.defect = {}, .worlds = atlas.size()};
}

}  // namespace headrace::lease_model
