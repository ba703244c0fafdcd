#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/id.hpp"

namespace headrace {

// Owns things that are named by generation-checked ids. Addresses are stable while a thing lives;
// vacated slots are used again, the newest first, so a steady load allocates nothing.
template <class T, class IdType>
class Slab {
 public:
  template <class... Args>
  std::pair<IdType, T&> emplace(Args&&... args) {
    if (vacant_.empty()) {
      vacant_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const std::uint32_t index = vacant_.back();
    Slot& slot = slots_[index];
    slot.value.emplace(std::forward<Args>(args)...);
    vacant_.pop_back();
    ++size_;
    return {IdType{index, slot.generation}, *slot.value};
  }

  // The thing, or null when the id is stale.
  T* find(IdType id) noexcept {
    if (id.index >= slots_.size()) return nullptr;
    Slot& slot = slots_[id.index];
    return slot.generation == id.generation && slot.value ? &*slot.value : nullptr;
  }
  const T* find(IdType id) const noexcept { return const_cast<Slab*>(this)->find(id); }

  bool erase(IdType id) {
    if (find(id) == nullptr) return false;
    Slot& slot = slots_[id.index];
    vacant_.push_back(id.index);
    slot.value.reset();
    if (++slot.generation == 0) slot.generation = 1;  // 0 means "no id"
    --size_;
    return true;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (std::uint32_t index = 0; index < slots_.size(); ++index)
      if (slots_[index].value) visit(IdType{index, slots_[index].generation}, *slots_[index].value);
  }

  // Visits every living thing as (id, thing&). The visitor may erase the one it is given, and add
  // none.
  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (std::uint32_t index = 0; index < slots_.size(); ++index)
      if (slots_[index].value) visit(IdType{index, slots_[index].generation}, *slots_[index].value);
  }

 private:
  struct Slot {
    std::uint32_t generation = 1;
    std::optional<T> value;
  };

  std::deque<Slot> slots_;
  std::vector<std::uint32_t> vacant_;
  std::size_t size_ = 0;
};

}  // namespace headrace
