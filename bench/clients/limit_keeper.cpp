#include "bench/clients/limit_keeper.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/base/limits.hpp"
#include "headrace/options.hpp"

namespace headrace::bench::limit {
namespace {

http::ResponseReader::Limits default_limits() {
  const Options options;
  return {.head_bytes_max = options.head_bytes_max,
          .head_fields_max = options.head_fields_max,
          .body_bytes_max = options.body_bytes_max,
          .informational_max = options.informational_max};
}

}  // namespace

Keeper::Keeper() : reader_(default_limits()) { reader_.expect({}); }

std::size_t Keeper::take(std::string_view bytes) {
  using enum http::ResponseEvent::Kind;
  std::size_t answers = 0;
  for (;;) {
    const http::ResponseEvent event = reader_.next(bytes);
    if (event.kind == need_more) return answers;
    if (event.kind == head) {
      begin();
      const std::optional<Bytes> rest = reader_.take_rest(bytes);
      if (!rest) continue;
      append(*rest);
      drop();
      ++answers;
    } else if (event.kind == body) {
      append(event.data);
    } else if (event.kind == end) {
      drop();
      ++answers;
    } else {
      throw std::runtime_error("not the origin's answer: " + reader_.error().detail);
    }
  }
}

void Keeper::begin() {
  http::ResponseHead& head = reader_.head();
  answer_ = std::make_unique<Response>();
  answer_->status = head.status;
  answer_->http_minor = head.http_minor;
  answer_->reason = std::move(head.reason);
  answer_->headers = std::move(head.headers);
  answer_->body.reserve(head.content_length + limits::body_padding);
}

void Keeper::append(std::string_view data) { answer_->body.append(data); }

void Keeper::drop() {
  body_bytes_ += answer_->body.size();
  answer_.reset();
  reader_.expect({});
}

}  // namespace headrace::bench::limit
