#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

namespace headrace {

// A queue in one piece of memory, which grows by doubling and is kept: cheaper than std::deque
// where a queue is short and always in use. Growing moves the elements; what is taken out is reset
// to T{}.
template <class T>
class Ring {
 public:
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  T& operator[](std::size_t index) noexcept { return slots_[slot_of(index)]; }
  const T& operator[](std::size_t index) const noexcept { return slots_[slot_of(index)]; }
  T& back() noexcept { return (*this)[size_ - 1]; }
  const T& back() const noexcept { return (*this)[size_ - 1]; }

  void push_back(T element) { add() = std::move(element); }

  // One more at the end, which is T{}.
  T& add() {
    if (size_ == capacity_) grow();
    return slots_[slot_of(size_++)];
  }

  void pop_front() {
    slots_[first_] = T{};
    first_ = slot_of(1);
    --size_;
  }

  // Those behind it move up.
  void erase(std::size_t index) {
    for (; index + 1 < size_; ++index) (*this)[index] = std::move((*this)[index + 1]);
    truncate(size_ - 1);
  }

  // Keeps so many at the front; there are at least as many.
  void truncate(std::size_t size) {
    while (size_ > size) slots_[slot_of(--size_)] = T{};
  }
  void clear() { truncate(0); }

  template <class Queue>
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = T;
    using reference = decltype(std::declval<Queue&>()[0]);

    Iterator() = default;
    Iterator(Queue* queue, std::size_t index) noexcept : queue_(queue), index_(index) {}
    reference operator*() const noexcept { return (*queue_)[index_]; }
    auto* operator->() const noexcept { return &(*queue_)[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    Iterator operator++(int) noexcept { return {queue_, index_++}; }
    std::size_t index() const noexcept { return index_; }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Queue* queue_ = nullptr;
    std::size_t index_ = 0;
  };

  auto begin() noexcept { return Iterator<Ring>(this, 0); }
  auto end() noexcept { return Iterator<Ring>(this, size_); }
  auto begin() const noexcept { return Iterator<const Ring>(this, 0); }
  auto end() const noexcept { return Iterator<const Ring>(this, size_); }

 private:
  // The capacity is a power of two.
  std::size_t slot_of(std::size_t index) const noexcept {
    return (first_ + index) & (capacity_ - 1);
  }

  [[gnu::noinline]] void grow() {
    const std::size_t larger = capacity_ == 0 ? 4 : 2 * capacity_;
    auto slots = std::make_unique<T[]>(larger);
    for (std::size_t i = 0; i < size_; ++i) slots[i] = std::move((*this)[i]);
    slots_ = std::move(slots);
    capacity_ = larger;
    first_ = 0;
  }

  std::unique_ptr<T[]> slots_;
  std::size_t capacity_ = 0;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace headrace
