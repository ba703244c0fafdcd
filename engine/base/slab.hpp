#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
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
    if (vacant_.empty()) add_slot();
    const std::uint32_t index = vacant_.back();
    Slot& slot = slot_at(index);
    slot.value.emplace(std::forward<Args>(args)...);
    slot.generation = generation_;
    if (++generation_ == 0) generation_ = 1;  // 0 means "no id"
    vacant_.pop_back();
    ++size_;
    return {IdType{index, slot.generation}, *slot.value};
  }

  // The thing, or null when the id is stale.
  T* find(IdType id) noexcept {
    if (id.index >= slot_count_) return nullptr;
    Slot& slot = slot_at(id.index);
    return slot.generation == id.generation && slot.value ? &*slot.value : nullptr;
  }
  const T* find(IdType id) const noexcept { return const_cast<Slab*>(this)->find(id); }

  bool erase(IdType id) {
    if (find(id) == nullptr) return false;
    Slot& slot = slot_at(id.index);
    vacant_.push_back(id.index);
    slot.value.reset();
    --size_;
    return true;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (std::uint32_t index = 0; index < slot_count_; ++index) {
      auto& slot = slot_at(index);
      if (slot.value) visit(IdType{index, slot.generation}, *slot.value);
    }
  }

  // Visits every living thing as (id, thing&). The visitor may erase the one it is given, and add
  // none.
  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (std::uint32_t index = 0; index < slot_count_; ++index) {
      auto& slot = slot_at(index);
      if (slot.value) visit(IdType{index, slot.generation}, *slot.value);
    }
  }

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<T> value;
  };

  // Pages of 4 KiB, or of one thing that is larger; the number of slots in one is a power of two.
  static constexpr std::size_t page_slots =
      std::bit_floor(std::max<std::size_t>(1, 4096 / sizeof(Slot)));

  Slot& slot_at(std::uint32_t index) noexcept {
    return pages_[index / page_slots][index % page_slots];
  }
  const Slot& slot_at(std::uint32_t index) const noexcept {
    return pages_[index / page_slots][index % page_slots];
  }

  void add_slot() {
    if (slot_count_ == pages_.size() * page_slots)
      pages_.push_back(std::make_unique<Slot[]>(page_slots));
    vacant_.push_back(slot_count_);
    ++slot_count_;
  }

  std::vector<std::unique_ptr<Slot[]>> pages_;
  std::uint32_t slot_count_ = 0;
  std::vector<std::uint32_t> vacant_;
  std::size_t size_ = 0;
  std::uint32_t generation_ = 1;  // of the next
};

}  // namespace headrace
