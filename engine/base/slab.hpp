#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/base/id.hpp"

namespace headrace {

// Owns things that are named by generation-checked ids, which they carry as their member `id`.
// Addresses are stable while a thing lives; vacated slots are used again, the newest first, so a
// steady load allocates nothing.
template <class T>
class Slab {
 public:
  using IdType = decltype(T::id);

  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
    for_each([](T& thing) { std::destroy_at(&thing); });
  }

  template <class... Args>
  T& emplace(Args&&... args) {
    const std::uint32_t index = vacant_ != none ? vacant_ : new_slot();
    const std::uint32_t next = index == slot_count_ ? none : next_vacant(index);
    T& thing = *std::construct_at(at(index), std::forward<Args>(args)...);
    thing.id = {index, generation_};
    if (++generation_ == 0) generation_ = 1;  // 0 means "no id"
    page_of(index).living |= bit_of(index);
    slot_count_ = std::max(slot_count_, index + 1);
    vacant_ = next;
    ++size_;
    return thing;
  }

  // The thing, or null when the id is stale.
  T* find(IdType id) noexcept {
    if (id.index >= slot_count_ || (page_of(id.index).living & bit_of(id.index)) == 0)
      return nullptr;
    T* thing = at(id.index);
    return thing->id == id ? thing : nullptr;
  }
  const T* find(IdType id) const noexcept { return const_cast<Slab*>(this)->find(id); }

  // The thing in a slot that is known to have one.
  T& operator[](std::uint32_t index) noexcept { return *at(index); }
  const T& operator[](std::uint32_t index) const noexcept {
    return *const_cast<Slab*>(this)->at(index);
  }

  void erase(T& thing) noexcept {
    const std::uint32_t index = thing.id.index;
    page_of(index).living &= ~bit_of(index);
    std::destroy_at(&thing);
    std::memcpy(static_cast<void*>(&thing), &vacant_, sizeof vacant_);
    vacant_ = index;
    --size_;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Visits every living thing. The visitor may erase the one it is given, and add none.
  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (const std::unique_ptr<Page>& page : pages_)
      for (std::uint64_t left = page->living; left != 0; left &= left - 1)
        visit(*page->slot(static_cast<std::size_t>(std::countr_zero(left))));
  }
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    const_cast<Slab*>(this)->for_each([&](const T& thing) { visit(thing); });
  }

 private:
  // Pages of up to 4 KiB, or of one thing that is larger; the number of slots is a power of two.
  static constexpr std::size_t page_slots =
      std::bit_floor(std::clamp<std::size_t>(4096 / sizeof(T), 1, 64));

  struct Page {
    T* slot(std::size_t number) noexcept {
      return std::launder(reinterpret_cast<T*>(memory) + number);
    }
    std::uint64_t living = 0;  // a bit for each slot
    alignas(T) std::byte memory[page_slots * sizeof(T)];
  };

  static std::uint64_t bit_of(std::uint32_t index) noexcept {
    return std::uint64_t{1} << (index % page_slots);
  }
  Page& page_of(std::uint32_t index) noexcept { return *pages_.data()[index / page_slots]; }
  T* at(std::uint32_t index) noexcept { return page_of(index).slot(index % page_slots); }

  // A vacant slot begins with the index of the next one.
  std::uint32_t next_vacant(std::uint32_t index) noexcept {
    std::uint32_t next = none;
    std::memcpy(&next, static_cast<const void*>(at(index)), sizeof next);
    return next;
  }

  [[gnu::noinline]] std::uint32_t new_slot() {
    if (slot_count_ == pages_.size() * page_slots) {
      if (slot_count_ > IndexBits::max - page_slots) throw std::length_error("Slab is full");
      pages_.push_back(std::unique_ptr<Page>(new Page));
    }
    return slot_count_;
  }

  static constexpr std::uint32_t none = ~std::uint32_t{0};

  std::vector<std::unique_ptr<Page>> pages_;
  std::uint32_t slot_count_ = 0;  // that were ever used
  std::uint32_t vacant_ = none;   // the one vacated last
  std::size_t size_ = 0;
  std::uint32_t generation_ = 1;  // of the next
};

}  // namespace headrace
