#include "tests/core/random_network.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>
#include <variant>

#include "engine/http/prepare.hpp"
#include "tests/support/unread_text.hpp"

namespace headrace::test {
namespace {

Options random_options(SplitMix& random) {
  return {.connections_max = static_cast<unsigned>(1 + random() % 3),
          .pipeline_depth = static_cast<unsigned>(1 + random() % 5),
          .attempts_max = static_cast<unsigned>(1 + random() % 3),
          .connect_attempts = static_cast<unsigned>(1 + random() % 3),
          .idle_timeout = std::chrono::milliseconds(1 + random() % 2000)};
}

}  // namespace

RandomNetwork::RandomNetwork(std::uint64_t seed)
    : random_(seed), options_(random_options(random_)), core_(options_, random_()) {
  to_submit_ = 1 + below(8);
}

std::string RandomNetwork::play() {
  for (std::size_t i = 30 + below(60); i > 0 && broken_.empty(); --i) step();
  faults_ = false;
  for (std::size_t i = 0; i < 2000 && broken_.empty(); ++i) {
    const bool all = std::ranges::all_of(calls_, [](const Call& c) { return c.completions > 0; });
    if (to_submit_ == 0 && all) break;
    step();
  }
  for (const Call& call : calls_) {
    require(call.completions == 1, "S1: a request did not complete");
    require(!call.post || call.executions <= 1, "S14: a POST was executed twice");
  }
  core_.shut_down(now_, Duration::zero());
  drain();
  require(core_.finished(), "S44: something is left after shutting down");
  return broken_;
}

void RandomNetwork::step() {
  if (to_submit_ > 0 && chance(30)) submit();
  if (!calls_.empty() && faults_ && chance(5)) core_.cancel(now_, calls_[below(calls_.size())].id);
  if (!links_.empty()) {
    const auto link = std::next(links_.begin(), static_cast<std::ptrdiff_t>(below(links_.size())));
    const ConnectionId id = ConnectionId::from_number(link->first);
    if (!link->second.dialled) {
      answer_dial(link->second, id);
    } else if (faults_ && chance(4)) {
      end(id);
    } else if (!link->second.unaccepted.empty() && chance(50)) {
      accept(link->second, id);
    } else if (!link->second.answers.empty()) {
      deliver(link->second, id);
    } else if (link->second.ended) {
      end(id);
    }
  }
  if (chance(faults_ ? 10 : 30)) pass_time();
  if (chance(70) || !faults_) drain();  // several inputs make one batch
}

void RandomNetwork::submit() {
  --to_submit_;
  Call call{.post = chance(40)};
  Request request{.method = call.post ? "POST" : "GET",
                  .url = "http://h/" + std::to_string(calls_.size()),
                  .body = std::string(call.post ? below(30) : 0, 'x')};
  std::optional<Duration> timeout;
  if (chance(20)) timeout = std::chrono::milliseconds(1 + below(3000));
  auto prepared = http::prepare(request, http::Base{}, false);
  auto id = core_.submit(
      now_, {.prepared = std::move(*prepared), .tag = calls_.size(), .timeout = timeout});
  require(id.has_value(), "S27: a request was refused although the queue is not full");
  call.id = id.value_or(ExchangeId{});
  calls_.push_back(call);
}

void RandomNetwork::answer_dial(Link& link, ConnectionId id) {
  if (faults_ && chance(25)) {
    links_.erase(id.number());
    core_.on_dialled(now_, id, std::unexpected(Error{.code = ErrorCode::connect_failed}));
    return;
  }
  link.dialled = true;
  link.answers_left = faults_ && chance(30) ? static_cast<unsigned>(below(4)) : 1000;
  core_.on_dialled(now_, id, {});
}

void RandomNetwork::accept(Link& link, ConnectionId id) {
  const std::size_t count = 1 + below(link.unaccepted.size());
  link.request += link.unaccepted.substr(0, count);
  link.unaccepted.erase(0, count);
  execute(link);
  core_.on_written(now_, id, count);
}

// The server: takes whole requests off the front of what has reached it.
void RandomNetwork::execute(Link& link) {
  while (!link.ended) {
    const std::size_t head_bytes = link.request.find("\r\n\r\n");
    if (head_bytes == std::string::npos) return;
    const std::string_view head = std::string_view(link.request).substr(0, head_bytes);
    std::size_t body_bytes = 0;
    constexpr std::string_view field = "\r\nContent-Length: ";
    if (const std::size_t at = head.find(field); at != std::string::npos)
      std::from_chars(head.data() + at + field.size(), head.data() + head.size(), body_bytes);
    if (link.request.size() < head_bytes + 4 + body_bytes) return;
    std::size_t call = 0;
    std::from_chars(head.data() + head.find('/') + 1, head.data() + head.size(), call);
    ++calls_[call].executions;
    link.request.erase(0, head_bytes + 4 + body_bytes);
    if (link.answers_left == 0) {  // executed, but the answer is lost
      link.ended = true;
      return;
    }
    answer(link, call);
  }
}

void RandomNetwork::answer(Link& link, std::size_t call) {
  const std::string body = std::to_string(call);
  const bool last = --link.answers_left == 0;
  if (chance(20)) link.answers += "HTTP/1.1 100 Continue\r\n\r\n";
  const bool chunked = chance(40);
  const bool until_end = !chunked && last && chance(50);
  link.answers += faults_ && !chunked && chance(10) ? "HTTP/1.0 200 OK\r\n" : "HTTP/1.1 200 OK\r\n";
  if (last && chance(50)) link.answers += "Connection: close\r\n";
  if (chunked) {
    link.answers += "Transfer-Encoding: chunked\r\n\r\n";
    for (const char digit : body) link.answers += std::string("1\r\n") + digit + "\r\n";
    link.answers += "0\r\n\r\n";
  } else if (until_end) {
    link.answers += "\r\n" + body;
  } else {
    link.answers += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  link.ended = last;
}

void RandomNetwork::deliver(Link& link, ConnectionId id) {
  const std::string part = link.answers.substr(0, 1 + below(link.answers.size()));
  link.answers.erase(0, part.size());
  receive_like_a_shell(core_, now_, id, part);
}

void RandomNetwork::end(ConnectionId id) {
  const Link link = links_.at(id.number());
  links_.erase(id.number());
  if (link.ended && link.answers.empty()) return core_.on_closed(now_, id, {});
  core_.on_closed(now_, id, std::unexpected(Error{.code = ErrorCode::connection_lost}));
}

void RandomNetwork::pass_time() {
  now_ += std::chrono::milliseconds(below(200));
  if (chance(20)) now_ = std::max(now_, core_.next_deadline().value_or(now_));
  core_.on_tick(now_);
}

void RandomNetwork::drain() {
  while (auto action = core_.next_action()) {
    if (const auto* dial = std::get_if<core::Dial>(&*action)) {
      links_[dial->connection.number()] = {};
      require(links_.size() <= options_.connections_max, "S26: too many connections");
    } else if (const auto* write = std::get_if<core::Write>(&*action)) {
      Link& link = links_.at(write->connection.number());
      require(link.unaccepted.empty(), "a Write came before the last one was accepted");
      link.unaccepted = write->bytes;
    } else {
      links_.erase(std::get<core::Close>(*action).connection.number());
    }
  }
  for (core::Completion& completion : core_.take_completions()) check(std::move(completion));
}

void RandomNetwork::check(core::Completion completion) {
  Call& call = calls_.at(completion.tag);
  require(++call.completions == 1, "S1: a request completed twice");
  if (completion.result) {
    require(completion.result->body == std::to_string(completion.tag),
            "S2: a request got another's answer");
  } else if (completion.result.error().progress == Progress::queued) {
    require(call.executions == 0, "S17: progress was understated");
  }
}

void RandomNetwork::require(bool holds, const char* what) {
  if (!holds && broken_.empty()) broken_ = what;
}

}  // namespace headrace::test
