// Requests whose bodies are written as they come, or once the server gave its leave (S6, S8). Such
// a request is alone on its connection; its place has no end until its body has, so that an answer
// before that is an early one (S4).

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

std::string as_chunk(const std::string& piece) {
  std::array<char, 16> size{};
  const auto [end, error] = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16);
  std::string chunk(size.data(), end);
  chunk.append("\r\n").append(piece).append("\r\n");
  return chunk;
}

Error wrong_length(const char* how, std::uint64_t bytes) {
  return {.code = ErrorCode::invalid_argument,
          .detail = "the body's source gave " + std::to_string(bytes) + " bytes " + how +
                    " than the length it was to have"};
}

}  // namespace

// True while the head's body is not through, when nothing else may be written.
bool Core::Impl::pull_if_due(Connection& connection) {
  const PipelineEntry* head = connection.head();
  if (head == nullptr || !head->open_ended()) return false;
  if (!connection.pulling && !connection.awaits_leave && connection.life == ConnectionLife::open)
    pull(connection);
  return true;
}

void Core::Impl::pull(Connection& connection) {
  Exchange& exchange = *exchanges_.find(connection.head()->exchange);
  if (exchange.traits.body == http::BodyWay::held) {
    connection.writing = exchange.behind_leave();
    return write_of_body(connection, true);
  }
  connection.pulling = true;
  exchange.course->pulled = true;
  actions_.emplace_back(Pull{exchange.id, exchange.tag});
}

// What comes after an early answer has begun is not sent any more.
void Core::Impl::on_body(Instant now, ExchangeId id, Result<std::string> piece,
                         std::string_view trailers) {
  now_ = now;
  Exchange* exchange = exchanges_.find(id);
  if (exchange == nullptr) return;
  Connection& connection = *connections_.find(exchange->course->connection);
  connection.pulling = false;
  if (!piece) return refuse_piece(connection, *exchange, std::move(piece.error()));
  if (connection.life != ConnectionLife::open) return;
  std::uint64_t& left = exchange->course->body_bytes;
  if (exchange->traits.body == http::BodyWay::chunked)
    return write_piece(connection, *exchange, std::move(*piece), trailers);
  if (piece->size() > left)
    return refuse_piece(connection, *exchange, wrong_length("more", piece->size() - left));
  if (piece->empty() && left > 0)
    return refuse_piece(connection, *exchange, wrong_length("less", left));
  left -= piece->size();
  write_piece(connection, *exchange, std::move(*piece), {});
}

void Core::Impl::write_piece(Connection& connection, Exchange& exchange, std::string piece,
                             std::string_view trailers) {
  const bool chunked = exchange.traits.body == http::BodyWay::chunked;
  const bool last = chunked ? piece.empty() : exchange.course->body_bytes == 0;
  if (!chunked)
    connection.writing = std::move(piece);
  else
    connection.writing = last ? std::string("0\r\n").append(trailers) + "\r\n" : as_chunk(piece);
  write_of_body(connection, last);
}

void Core::Impl::write_of_body(Connection& connection, bool last) {
  connection.handed += connection.writing.size();
  connection.accepted_at = now_;
  if (last) {
    PipelineEntry& entry = *connection.head();
    entry.traits.body = http::BodyWay::in_wire;
    entry.ends = connection.handed;
    connection.head_since = now_;  // the source's pace was not the server's
    note_head_sent(connection);    // an empty body is through with its head
  }
  if (!connection.writing.empty()) actions_.emplace_back(Write{connection.id, connection.writing});
  watch_from_now(connection);
}

// Half a request was written, to which nothing can be added.
void Core::Impl::refuse_piece(Connection& connection, Exchange& exchange, Error error) {
  Error told = error_for(exchange, error.code, std::move(error.detail));
  told.system_code = error.system_code;
  connection.head()->exchange = {};
  complete(exchange, std::unexpected(std::move(told)));
  lose(connection,
       {.detail = "the request's body could not be had",
        .ours = true,
        .charge_head = false,
        .trouble = false},
       true);
}

}  // namespace headrace::core
