#include "engine/api/arrivals.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace headrace::api {

// Small at first, since mostly few come at a time.
void Arrivals::make_room(std::size_t count) {
  std::size_t room = 0;
  for (std::size_t i = filling_; i < pieces_.size(); ++i)
    room += pieces_[i].capacity() - pieces_[i].size();
  if (room >= count) return;
  if (pieces_.empty()) pieces_.emplace_back();
  std::vector<Arrival>& last = pieces_.back();
  if (last.capacity() < piece_max) {
    const std::size_t wanted = std::max(last.capacity() + count - room, 2 * last.capacity());
    room -= last.capacity();
    last.reserve(std::min(wanted, piece_max));
    room += last.capacity();
  }
  for (; room < count; room += piece_max) pieces_.emplace_back().reserve(piece_max);
}

void Arrivals::push(Arrival&& arrival) {
  if (filling_ == pieces_.size() || is_full(pieces_[filling_])) fill_next();
  pieces_[filling_].push_back(std::move(arrival));
  ++size_;
}

bool Arrivals::is_full(const std::vector<Arrival>& piece) noexcept {
  return piece.size() == piece.capacity();
}

void Arrivals::fill_next() {
  make_room(1);
  while (is_full(pieces_[filling_])) ++filling_;
}

void Arrivals::append(Arrivals& more) {
  if (more.size() <= piece_max) {
    make_room(more.size());
    more.take_each([this](Arrival& arrival) { push(std::move(arrival)); });
    return;
  }
  pieces_.reserve(pieces_.size() + more.pieces_.size());
  std::ranges::move(more.pieces_, std::back_inserter(pieces_));
  filling_ = pieces_.size() - 1;
  size_ += std::exchange(more.size_, 0);
  more.pieces_.clear();
  more.filling_ = 0;
}

void Arrivals::swap(Arrivals& other) noexcept {
  pieces_.swap(other.pieces_);
  std::swap(filling_, other.filling_);
  std::swap(size_, other.size_);
}

void Arrivals::clear() noexcept {
  if (!pieces_.empty()) {
    pieces_.front().swap(pieces_.back());
    pieces_.erase(pieces_.begin() + 1, pieces_.end());
    pieces_.front().clear();
  }
  filling_ = size_ = 0;
}

}  // namespace headrace::api
