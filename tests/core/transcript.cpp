#include "tests/core/transcript.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

#include "engine/http/prepare.hpp"
#include "headrace/future.hpp"
#include "tests/core/transcript_options.hpp"
#include "tests/core/transcript_request.hpp"
#include "tests/core/transcript_words.hpp"

namespace headrace::test {

std::optional<std::string> Transcript::play(const std::vector<Line>& lines) {
  std::size_t told = 0;  // of outputs_, how many the transcript has named
  const auto differs = [&](const Line& line, const std::string& expected) -> std::string {
    return "line " + std::to_string(line.number) + ": expected " + expected + ", got " +
           (told < outputs_.size() ? outputs_[told] : "nothing");
  };
  bool expecting = false;
  for (const Line& line : lines) {
    try {
      if (!line.text.starts_with("=> ")) {
        if (expecting && told != outputs_.size()) return differs(line, "nothing more");
        expecting = false;
        input(split(line.text));
        continue;
      }
      if (!std::exchange(expecting, true)) drain();
      const std::string expected = line.text.substr(3);
      if (expected == "nothing" ? told != outputs_.size()
                                : told == outputs_.size() || outputs_[told++] != expected) {
        if (expected != "nothing" && told > 0) --told;
        return differs(line, expected);
      }
    } catch (const std::exception& error) {
      return "line " + std::to_string(line.number) + ": " + error.what();
    }
  }
  drain();
  if (told != outputs_.size()) return differs(lines.back(), "nothing more");
  return std::nullopt;
}

void Transcript::input(const Words& words) {
  const std::string& verb = words.at(0);
  if (verb == "options") {
    for (std::size_t i = 1; i < words.size(); ++i) set_option(options_, words[i]);
    return;
  }
  if (verb == "submit") return submit(words);
  if (verb == "cancel") return core().cancel(now_, exchanges_.at(words.at(1)));
  if (verb == "wait") return wait(duration_of(words.at(1)));
  if (verb == "piece")
    return core().on_body(now_, exchanges_.at(words.at(1)), words.at(2),
                          words.size() > 3 ? words[3] : "");
  if (verb == "no_piece")
    return core().on_body(now_, exchanges_.at(words.at(1)),
                          std::unexpected(Error{.code = ErrorCode::internal}));
  if (verb == "consume")
    return core().on_consumed(now_, exchanges_.at(words.at(1)), std::stoul(words.at(2)));
  if (verb == "shutdown") return core().shut_down(now_, duration_of(words.at(1)));

  Peer& at = peer(words.at(1));
  if (verb == "dialled") return core().on_dialled(now_, at.id, {});
  if (verb == "connected") return core().on_connected(now_, at.id);
  if (verb == "refused")
    return core().on_dialled(
        now_, at.id,
        std::unexpected(Error{.code = ErrorCode::connect_failed, .phase = Phase::connect}));
  if (verb == "untrusted")
    return core().on_dialled(
        now_, at.id, std::unexpected(Error{.code = ErrorCode::tls_failed, .phase = Phase::tls}));
  if (verb == "barred")
    return core().on_dialled(
        now_, at.id,
        std::unexpected(Error{.code = ErrorCode::proxy_failed, .phase = Phase::connect}));
  if (verb == "hold") {
    at.held = true;
    return;
  }
  if (verb == "accept")
    return accept(at, words.at(2) == "all" ? at.unaccepted : std::stoul(words.at(2)));
  if (verb == "receive") return receive(at, words.at(2));
  if (verb == "bytes") return receive(at, std::string(std::stoul(words.at(2)), 'x'));
  if (verb == "answer")
    return receive(at, "HTTP/1.1 " + words.at(2) + " Text\r\nContent-Length: " +
                           std::to_string(words.at(3).size()) + "\r\n\r\n" + words.at(3));
  if (verb == "close") return core().on_closed(now_, at.id, {});
  if (verb == "reset")
    return core().on_closed(now_, at.id,
                            std::unexpected(Error{.code = ErrorCode::connection_lost}));
  throw std::runtime_error("unknown input: " + verb);
}

void Transcript::submit(const Words& words) {
  SubmittedRequest read = read_submit(words);
  Result<http::Prepared> prepared =
      http::prepare(read.request, http::Base{}, options_.pipeline_put_delete);
  if (!prepared) throw std::runtime_error(to_string(prepared.error()));
  names_.push_back(words[1]);
  const Result<ExchangeId> id = core().submit(now_, {.prepared = std::move(*prepared),
                                                     .tag = names_.size() - 1,
                                                     .timeout = read.timeout,
                                                     .verify = std::move(read.verify),
                                                     .streamed = read.streamed});
  if (id) {
    exchanges_[words[1]] = *id;
  } else {
    outputs_.push_back(words[1] + " refused " + std::string(name_of(id.error().code)));
  }
}

void Transcript::receive(Peer& from, std::string_view bytes) {
  if (!core().on_received(now_, from.id, bytes)) outputs_.push_back("full " + number_of(from.id));
}

// Time passes from one deadline to the next, as in the shell.
void Transcript::wait(Duration duration) {
  const Instant until = now_ + duration;
  drain();
  while (core().next_deadline() && *core().next_deadline() <= until) {
    now_ = std::max(now_, *core().next_deadline());
    core().on_tick(now_);
    drain();
  }
  now_ = until;
  core().on_tick(now_);
}

void Transcript::accept(Peer& at, std::size_t count) {
  at.unaccepted -= count;
  core().on_written(now_, at.id, count);
}

void Transcript::drain() {
  bool more = true;
  while (std::exchange(more, false)) {
    while (std::optional<core::Action> action = core().next_action()) {
      perform(*action);
      more = true;
    }
    for (const core::Part& part : core().take_parts()) {
      report(part);
      more = true;
    }
    for (core::Completion& completion : core().take_completions()) {
      report(std::move(completion));
      more = true;
    }
  }
}

void Transcript::perform(const core::Action& action) {
  if (const auto* dial = std::get_if<core::Dial>(&action)) {
    peers_.push_back({.id = dial->connection});
    outputs_.push_back("dial " + number_of(dial->connection) + " " + to_string(*dial->origin));
  } else if (const auto* write = std::get_if<core::Write>(&action)) {
    outputs_.push_back("write " + number_of(write->connection) + " " + summary_of(write->bytes));
    Peer& at = peer(number_of(write->connection));
    at.unaccepted = write->bytes.size();
    if (!at.held) accept(at, at.unaccepted);
  } else if (const auto* pull = std::get_if<core::Pull>(&action)) {
    outputs_.push_back("pull " + names_.at(pull->tag));
  } else if (const auto* read = std::get_if<core::Read>(&action)) {
    outputs_.push_back("read " + number_of(read->connection));
  } else {
    outputs_.push_back("close " + number_of(std::get<core::Close>(action).connection));
  }
}

void Transcript::report(const core::Part& part) {
  std::string line = names_.at(part.tag);
  if (part.head) line += " head " + std::to_string((*part.head)->status);
  if (!part.body.empty()) line += " part " + excerpt(part.body);
  outputs_.push_back(line);
}

void Transcript::report(core::Completion completion) {
  std::string line = names_.at(completion.tag);
  if (completion.result) {
    line +=
        " " + std::to_string(completion.result->status) + " \"" + completion.result->body + "\"";
    if (completion.result->attempts != 1)
      line += " attempts=" + std::to_string(completion.result->attempts);
    if (!completion.result->trailers.empty())
      line += " trailers=" + std::to_string(completion.result->trailers.size());
    if (completion.result->suspect) line += " suspect";
  } else {
    const Error& error = completion.result.error();
    line += " fails " + std::string(name_of(error.code)) + " " + std::string(name_of(error.phase)) +
            " " + std::string(name_of(error.progress)) +
            " attempts=" + std::to_string(error.attempts) +
            (error.safe_to_repeat ? " safe" : " unsafe");
  }
  outputs_.push_back(line);
}

core::Core& Transcript::core() {
  if (!core_) core_ = std::make_unique<core::Core>(options_, 1);
  return *core_;
}

Transcript::Peer& Transcript::peer(const std::string& number) {
  return peers_.at(std::stoul(number) - 1);
}

std::string Transcript::number_of(ConnectionId id) {
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (peers_[i].id == id) return std::to_string(i + 1);
  throw std::runtime_error("an action names a connection that was never dialled");
}

std::vector<NamedTranscript> read_transcripts(std::string_view markdown) {
  std::vector<NamedTranscript> transcripts;
  std::istringstream stream{std::string(markdown)};
  std::string heading;
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.starts_with("#") && !inside) heading = line.substr(line.find_first_not_of("# "));
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) transcripts.push_back({heading, {}});
    } else if (inside && !line.empty() && !line.starts_with("--")) {
      transcripts.back().lines.push_back({number, line});
    }
  }
  return transcripts;
}

}  // namespace headrace::test
