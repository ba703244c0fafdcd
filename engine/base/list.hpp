#pragma once

#include <cstddef>

namespace headrace {

template <class T>
struct ListLink {
  T* previous = nullptr;
  T* next = nullptr;
};

// A doubly linked list through a member of its elements: it owns nothing, allocates nothing, and
// takes an element out of the middle in constant time. An element is in at most one list per link
// and must not move while it is.
template <class T, ListLink<T> T::* link>
class List {
 public:
  bool empty() const noexcept { return front_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  T* front() const noexcept { return front_; }

  void push_back(T& element) noexcept {
    element.*link = {back_, nullptr};
    (back_ != nullptr ? (back_->*link).next : front_) = &element;
    back_ = &element;
    ++size_;
  }

  void push_front(T& element) noexcept {
    element.*link = {nullptr, front_};
    (front_ != nullptr ? (front_->*link).previous : back_) = &element;
    front_ = &element;
    ++size_;
  }

  void erase(T& element) noexcept {
    const ListLink<T> around = element.*link;
    (around.previous != nullptr ? (around.previous->*link).next : front_) = around.next;
    (around.next != nullptr ? (around.next->*link).previous : back_) = around.previous;
    element.*link = {};
    --size_;
  }

 private:
  T* front_ = nullptr;
  T* back_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace headrace
