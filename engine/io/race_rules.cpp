#include "engine/io/race_rules.hpp"

#include <algorithm>
#include <utility>

namespace headrace::io {

std::optional<RaceRules::Number> RaceRules::next(Instant now) const {
  if (next_ == addresses_ || (due_ && now < *due_)) return std::nullopt;
  return next_;
}

std::optional<RaceRules::Number> RaceRules::on_started(Instant now, Number number) {
  next_ = number + 1;
  due_ = now + head_start_;
  std::optional<Number> gives_way;
  if (running_.size() == limits::racing_max) {
    gives_way = running_.front();
    running_.erase(running_.begin());
  }
  running_.push_back(number);
  return gives_way;
}

void RaceRules::on_failed(Number number) {
  if (number == next_) ++next_;
  std::erase(running_, number);
  due_.reset();
}

std::vector<RaceRules::Number> RaceRules::on_connected(Number number) {
  std::erase_if(running_, [&](Number other) { return other >= number; });
  next_ = addresses_;
  return std::exchange(running_, {});
}

std::optional<Instant> RaceRules::deadline() const {
  return next_ < addresses_ ? due_ : std::nullopt;
}

bool RaceRules::lost() const { return next_ == addresses_ && running_.empty(); }

}  // namespace headrace::io
