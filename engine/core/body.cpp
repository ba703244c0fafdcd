// Bodies: those that are handed over whole go into one piece of memory, once.

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

// What was announced is asked for as a whole, within a bound: memory that nothing was written to is
// not resident (S36), and growing piece by piece would copy what has come each time.
void make_room(std::string& body, std::size_t bytes, std::uint64_t announced) {
  const std::size_t needed = body.size() + bytes + limits::body_padding;
  if (needed <= body.capacity()) return;
  const std::uint64_t whole =
      std::min<std::uint64_t>(announced, limits::body_reserved_max) + limits::body_padding;
  body.reserve(std::max({needed, 2 * body.size(), static_cast<std::size_t>(whole)}));
}

}  // namespace

bool Core::Impl::on_answer_body(Connection& connection, Bytes data) {
  const PipelineEntry& entry = *connection.head();
  if (entry.exchange && entry.streamed) {
    add_to_stream(connection, data);
    return true;
  }
  if (entry.exchange) {
    std::string& body = (*connection.answer)->body;
    make_room(body, data.size(), connection.announced_bytes);
    body.append(data);
    return true;
  }
  connection.drained += data.size();
  if (!drain_is_hopeless(connection)) return true;
  give_up_draining(connection);
  return false;
}

// Only where nothing but the body's bytes can come, and no event but its end.
std::optional<std::size_t> Core::Impl::receive(Instant now, ConnectionId id, std::uint64_t least,
                                               Unread& unread) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->head() == nullptr) return std::nullopt;
  const PipelineEntry& entry = *connection->head();
  const std::uint64_t left = connection->reader.body_left();
  if (left == 0 || left < least || !entry.exchange || entry.streamed) return std::nullopt;

  std::string& body = (*connection->answer)->body;
  make_room(body, 1, connection->announced_bytes);
  const std::size_t before = body.size();
  const auto room = static_cast<std::size_t>(
      std::min<std::uint64_t>(left, body.capacity() - limits::body_padding - before));
  std::size_t count = 0;
  body.resize_and_overwrite(before + room, [&](char* text, std::size_t) {
    count = unread.read({text + before, room});
    return before + count;
  });
  if (count == 0) return 0;
  connection->reader.skip_body(count);
  take_events(*connection, {});
  if (Connection* alive = connections_.find(id)) release_batch(*alive);
  return count;
}

}  // namespace headrace::core
