// What callers may follow of connections and origins (Options::log). None of it is said for each
// request, and none of it decides anything.

#include <chrono>
#include <string>
#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

std::string milliseconds_of(Duration duration) {
  const auto tenths = std::chrono::duration_cast<std::chrono::microseconds>(duration).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

std::string count_of(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

std::string text_of(const LearnedProfile& learned) {
  std::string text = "pipelining is " + std::string(name_of(learned.capability)) + ", " +
                     count_of(learned.depth, "request", "requests") + " deep";
  if (learned.one_per_segment) text += ", one a segment";
  if (learned.requests_max > 0)
    text += ", " + count_of(learned.requests_max, "request", "requests") + " a connection";
  if (!learned.reason.empty()) text += ": " + learned.reason;
  return text;
}

}  // namespace

// A line that cannot be made or taken is one that is missing, and no more.
template <class Tell>
void Core::Impl::log(LogLevel level, Tell tell) const noexcept {
  if (!options_.log) return;
  try {
    options_.log(level, tell());
  } catch (...) {
  }
}

std::string Core::Impl::name_in_log(const Connection& connection) const {
  return connection.origin->name + " connection " + std::to_string(public_name(connection.id)) +
         ": ";
}

void Core::Impl::log_connection(LogLevel level, const Connection& connection,
                                std::string_view what) const noexcept {
  log(level, [&] { return name_in_log(connection).append(what); });
}

void Core::Impl::log_open(const Connection& connection) const noexcept {
  log(LogLevel::debug, [&] {
    std::string line =
        name_in_log(connection) + "open after " + milliseconds_of(now_ - connection.dialled);
    if (connection.connected)
      line += ", TLS " + milliseconds_of(now_ - *connection.connected) + " of it";
    return line;
  });
}

// `failing`: how many requests fail with it; none: they wait for another.
void Core::Impl::log_dial_failed(const OriginState& origin, ConnectionId id, const Error& error,
                                 std::size_t failing) const noexcept {
  log(failing > 0 ? LogLevel::warning : LogLevel::info, [&] {
    std::string line =
        origin.name + " connection " + std::to_string(public_name(id)) + ": " + error.detail;
    if (failing > 0) return line + "; " + count_of(failing, "request fails", "requests fail");
    return line + "; the next attempt is in " + milliseconds_of(origin.redial_at - now_);
  });
}

void Core::Impl::log_loss(const Connection& connection, const Loss& loss, std::size_t again,
                          std::size_t failed) const noexcept {
  const bool was_idle = connection.pipeline.empty();
  if (again + failed == 0 && (!was_idle || loss.accepted_is_final)) return;
  const bool expected = loss.announced || !loss.trouble;
  const LogLevel level = failed > 0 ? LogLevel::warning
                         : expected ? LogLevel::debug
                                    : LogLevel::info;
  log(level, [&] {
    std::string line = name_in_log(connection) + loss.detail;
    if (again > 0) line += "; " + count_of(again, "request goes", "requests go") + " elsewhere";
    if (failed > 0) line += "; " + count_of(failed, "request fails", "requests fail");
    return line;
  });
}

void Core::Impl::log_moved(const Connection& connection, std::size_t moved) const noexcept {
  log(LogLevel::info, [&] {
    return name_in_log(connection) + "silent for " + milliseconds_of(connection.silence_at(now_)) +
           "; " + count_of(moved, "request goes", "requests go") + " elsewhere";
  });
}

void Core::Impl::log_closed(const Connection& connection) const noexcept {
  if (connection.life == ConnectionLife::dialling) return;
  log(LogLevel::debug, [&] {
    return name_in_log(connection) + "closed, it gave " +
           count_of(connection.answers, "answer", "answers");
  });
}

void Core::Impl::log_pause(const Exchange& exchange, int status, Duration pause) const noexcept {
  log(LogLevel::info, [&] {
    return origins_[exchange.origin].name + ": a request was answered " + std::to_string(status) +
           ", and is sent again in " + milliseconds_of(pause);
  });
}

// After whatever may have taught it something; what it begins with is no news.
void Core::Impl::log_profile(OriginState& origin) const noexcept {
  try {
    LearnedProfile learned = origin.profile.learned();
    if (learned == origin.logged) return;
    origin.logged = std::move(learned);
  } catch (...) {
    return;
  }
  log(LogLevel::info, [&] { return origin.name + ": " + text_of(origin.logged); });
}

}  // namespace headrace::core
