#include "bench/origin/connection.hpp"

#include <algorithm>

namespace headrace::bench {
namespace {

constexpr Clock::time_point held_until_release = Clock::time_point::max();

}  // namespace

std::optional<Clock::time_point> Connection::next_due() const {
  if (waiting_.empty() || waiting_.front().due == held_until_release) return std::nullopt;
  return waiting_.front().due;
}

void Connection::release() {
  held_ = 0;
  for (Waiting& waiting : waiting_)
    if (waiting.due == held_until_release) waiting.due = Clock::time_point::min();
}

void Connection::receive(std::span<char> room, Clock::time_point now) {
  const std::optional<std::size_t> count = wire_->read(room);
  if (!count) {
    done_ = true;
    return;
  }
  if (*count == 0 || settings_.stuck) return;
  std::string_view bytes(room.data(), *count);
  if (!rest_.empty()) bytes = rest_ += bytes;
  std::string left(take_requests(bytes, now));
  rest_ = std::move(left);
}

std::string_view Connection::take_requests(std::string_view bytes, Clock::time_point now) {
  std::size_t same = 0;
  while (true) {
    if (last_answer_ != nullptr && bytes.starts_with(last_request_)) {
      ++same;
      bytes.remove_prefix(last_request_.size());
      continue;
    }
    if (same > 0) wait(*last_answer_, same, now);
    same = 0;
    constexpr std::string_view blank_line = "\r\n\r\n";
    const std::size_t end = bytes.find(blank_line);
    if (end == std::string_view::npos) return bytes;
    last_request_ = bytes.substr(0, end + blank_line.size());
    last_answer_ = &look_up(last_request_);
  }
}

const Answer& Connection::look_up(std::string_view request) {
  constexpr std::string_view get = "GET ";
  if (!request.starts_with(get)) return catalogue_.not_allowed();
  request.remove_prefix(get.size());
  return catalogue_.find(request.substr(0, request.find(' ')));
}

void Connection::wait(const Answer& answer, std::size_t count, Clock::time_point now) {
  if (answer.together) {
    held_ += count;
    return waiting_.push_back({held_until_release, &answer, count});
  }
  if (settings_.delay.count() == 0) return put_out(answer, count);
  if (!settings_.serial) return waiting_.push_back({now + settings_.delay, &answer, count});
  for (; count > 0; --count) {
    const Clock::time_point free = waiting_.empty() ? now : waiting_.back().due;
    waiting_.push_back({std::max(now, free) + settings_.delay, &answer, 1});
  }
}

void Connection::put_out(const Answer& answer, std::size_t count) {
  while (count > 0) {
    const std::size_t copies = std::min(count, answer.copies());
    outbox_.add(std::string_view(answer.bytes).substr(0, copies * answer.size));
    count -= copies;
  }
}

void Connection::send_due(Clock::time_point now) {
  while (!waiting_.empty() && waiting_.front().due <= now) {
    put_out(*waiting_.front().answer, waiting_.front().count);
    waiting_.pop_front();
  }
  if (wants_output() && !wire_->send(outbox_)) done_ = true;
}

}  // namespace headrace::bench
