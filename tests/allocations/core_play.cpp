#include "tests/allocations/core_play.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace headrace::test {
namespace {

using std::chrono::microseconds;

template <class T>
T good(Result<T> result) {
  if (!result) throw Exception(std::move(result).error());
  return *std::move(result);
}

http::Prepared prepare_one(const http::Base& base) {
  return good(http::prepare({.url = "/bytes/300"}, base, false));
}

}  // namespace

std::string answer_of(std::size_t body_bytes) {
  return "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
         "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body_bytes) + "\r\n\r\n" + std::string(body_bytes, 'x');
}

Options CorePlay::options(unsigned connections, unsigned depth) {
  return {.connections_max = connections, .pipelining = Pipelining::fixed, .pipeline_depth = depth};
}

CorePlay::CorePlay(unsigned connections, unsigned depth, std::size_t body_bytes)
    : depth_(depth),
      answer_(answer_of(body_bytes)),
      base_(good(http::parse_base("http://127.0.0.1"))),
      wire_bytes_(prepare_one(base_).bytes()),
      core_(options(connections, depth), 1) {
  wires_.reserve(connections);
  for (unsigned i = 0; i < connections; ++i) submit(prepare_round());
  // At first a connection holds a single request; rounds are whole once all were answered.
  for (unsigned outstanding = 0; outstanding < connections * depth; now_ += microseconds(10)) {
    perform_actions();
    for (Wire& wire : wires_) answer(wire);
    for (auto left = core_.take_completions().size(); left > 0; --left) {
      auto refill = prepare_round();
      refill.resize(1);
      submit(std::move(refill));
    }
    perform_actions();
    outstanding = 0;
    for (const Wire& wire : wires_) outstanding += wire.outstanding;
  }
}

std::vector<http::Prepared> CorePlay::prepare_round() const {
  std::vector<http::Prepared> requests;
  for (unsigned i = 0; i < depth_; ++i) requests.push_back(prepare_one(base_));
  return requests;
}

std::vector<core::Completion> CorePlay::round(std::vector<http::Prepared> requests) {
  now_ += microseconds(10);
  Wire& wire = wires_[turn_++ % wires_.size()];
  if (wire.outstanding != depth_) throw std::logic_error("a pipeline is not full");
  answer(wire);
  submit(std::move(requests));
  perform_actions();
  return core_.take_completions();
}

void CorePlay::submit(std::vector<http::Prepared> requests) {
  for (http::Prepared& one : requests)
    good(core_.submit(now_, {.prepared = std::move(one), .tag = 1}));
}

void CorePlay::perform_actions() {
  while (const auto action = core_.next_action()) {
    if (const auto* dial = std::get_if<core::Dial>(&*action)) {
      wires_.push_back({.connection = dial->connection});
      core_.on_dialled(now_, dial->connection, {});
    } else if (const auto* write = std::get_if<core::Write>(&*action)) {
      for (Wire& wire : wires_)
        if (wire.connection == write->connection)
          wire.outstanding += static_cast<unsigned>(write->bytes.size() / wire_bytes_);
      core_.on_written(now_, write->connection, write->bytes.size());
    } else {
      throw std::logic_error("the core closes a connection that is well");
    }
  }
}

void CorePlay::answer(Wire& wire) {
  answers_.clear();
  for (; wire.outstanding > 0; --wire.outstanding) answers_ += answer_;
  if (!answers_.empty()) core_.on_received(now_, wire.connection, answers_);
}

}  // namespace headrace::test
