#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/api/call.hpp"
#include "engine/core/completion.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/request.hpp"

namespace headrace::api {

// A checked request on its way to the loop, as the core will have it; but for what the call says
// of it (tag, streamed), which the loop's thread adds.
struct Arrival {
  detail::Ref<Call> call;
  core::Submission submission;
  std::unique_ptr<BodySource> source = {};
};

// Arrivals in their order, in pieces of memory: a flood of them is never moved to a larger place,
// changes hands piece by piece, and what was read of it is given back at once.
class Arrivals {
 public:
  Arrivals() = default;
  Arrivals(Arrivals&& other) noexcept { swap(other); }
  Arrivals& operator=(Arrivals&& other) noexcept {
    swap(other);
    return *this;
  }
  void swap(Arrivals& other) noexcept;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // What throws has taken nothing.
  void push(Arrival&& arrival);

  // So that the next `count` pushes need no memory.
  void make_room(std::size_t count);

  // All of another's, which is empty then. What throws has changed nothing.
  void append(Arrivals& more);

  template <class Visit>
  void for_each(Visit visit) {
    for (std::vector<Arrival>& piece : pieces_)
      for (Arrival& arrival : piece) visit(arrival);
  }

  // From the first to the last, then it is empty. When one throws all are left but for the memory
  // of those before it.
  template <class Take>
  void take_each(Take take) {
    for (std::vector<Arrival>& piece : pieces_) {
      for (Arrival& arrival : piece) take(arrival);
      if (&piece != &pieces_.back()) std::vector<Arrival>().swap(piece);
    }
    clear();
  }

 private:
  static bool is_full(const std::vector<Arrival>& piece) noexcept;
  void fill_next();
  void clear() noexcept;  // but for the memory of one piece

  static constexpr std::size_t piece_max = 256;

  std::vector<std::vector<Arrival>> pieces_;
  std::size_t filling_ = 0;  // the piece that takes the next; those behind it are empty
  std::size_t size_ = 0;
};

}  // namespace headrace::api
