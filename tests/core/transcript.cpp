#include "tests/core/transcript.hpp"

#include <charconv>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

#include "engine/http/prepare.hpp"
#include "headrace/future.hpp"

namespace headrace::test {
namespace {

// Words are separated by spaces; "..." is one word, with \r \n \t \0 \" \\ and \xHH.
std::string read_quoted(std::string_view& rest) {
  std::string word;
  for (rest.remove_prefix(1); !rest.empty() && rest.front() != '"'; rest.remove_prefix(1)) {
    if (rest.front() != '\\') {
      word += rest.front();
      continue;
    }
    rest.remove_prefix(1);
    const char escape = rest.empty() ? '\0' : rest.front();
    if (escape == 'x') {
      int code = 0;
      std::from_chars(rest.data() + 1, rest.data() + 3, code, 16);
      word += static_cast<char>(code);
      rest.remove_prefix(2);
    } else {
      constexpr std::string_view from = "rnt0\"\\";
      constexpr std::string_view to{"\r\n\t\0\"\\", 6};
      const std::size_t index = from.find(escape);
      if (index == std::string_view::npos) throw std::runtime_error("unknown escape");
      word += to[index];
    }
  }
  if (rest.empty()) throw std::runtime_error("no closing quote");
  rest.remove_prefix(1);
  return word;
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) return words;
    if (line.front() == '"') {
      words.push_back(read_quoted(line));
      continue;
    }
    const std::size_t end = std::min(line.find(' '), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

Duration duration_of(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (status == std::errc{} && unit == "ms") return std::chrono::milliseconds(count);
  if (status == std::errc{} && unit == "s") return std::chrono::seconds(count);
  throw std::runtime_error("not a duration: " + text);
}

std::string value_of(const std::string& word, std::string_view key) {
  return word.starts_with(key) ? word.substr(key.size()) : std::string{};
}

// What is long is only counted.
std::string excerpt(const std::string& body) {
  return body.size() > 80 ? std::to_string(body.size()) + " bytes" : "\"" + body + "\"";
}

std::string quoted(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : std::string(1, c);
  return text + "\"";
}

// "GET /a, POST /b": the request lines in a write, bodies skipped by their Content-Length.
std::string summary_of(std::string_view bytes) {
  if (!bytes.contains(" HTTP/1.1\r\n")) return quoted(bytes);  // a piece of a body
  std::string summary;
  while (!bytes.empty()) {
    const std::string_view head = bytes.substr(0, bytes.find("\r\n\r\n") + 4);
    const std::string_view line = head.substr(0, head.find(" HTTP/1.1\r\n"));
    summary += (summary.empty() ? "" : ", ") + std::string(line);
    std::size_t length = 0;
    constexpr std::string_view field = "\r\nContent-Length: ";
    if (const std::size_t at = head.find(field); at != std::string_view::npos)
      std::from_chars(head.data() + at + field.size(), head.data() + head.size(), length);
    bytes.remove_prefix(std::min(head.size() + length, bytes.size()));
  }
  return summary;
}

}  // namespace

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
  if (verb == "options") return set_options(words);
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

void Transcript::set_options(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t at = words[i].find('=');
    const std::string key = words[i].substr(0, at);
    const unsigned long value = std::stoul(words[i].substr(at + 1));
    const auto milliseconds = std::chrono::milliseconds(static_cast<std::int64_t>(value));
    const auto number = static_cast<unsigned>(value);
    if (key == "connections_max") {
      options_.connections_max = number;
    } else if (key == "connections_total_max") {
      options_.connections_total_max = number;
    } else if (key == "pipeline_depth") {
      options_.pipeline_depth = number;
    } else if (key == "pipeline_put_delete") {
      options_.pipeline_put_delete = value != 0;
    } else if (key == "attempts_max") {
      options_.attempts_max = number;
    } else if (key == "connect_attempts") {
      options_.connect_attempts = number;
    } else if (key == "queue_requests_max") {
      options_.queue_requests_max = value;
    } else if (key == "queue_bytes_max") {
      options_.queue_bytes_max = value;
    } else if (key == "body_bytes_max") {
      options_.body_bytes_max = value;
    } else if (key == "informational_max") {
      options_.informational_max = number;
    } else if (key == "idle_timeout_ms") {
      options_.idle_timeout = milliseconds;
    } else if (key == "connect_timeout_ms") {
      options_.connect_timeout = milliseconds;
    } else if (key == "tls_timeout_ms") {
      options_.tls_timeout = milliseconds;
    } else if (key == "write_timeout_ms") {
      options_.write_timeout = milliseconds;
    } else if (key == "first_byte_timeout_ms") {
      options_.first_byte_timeout = milliseconds;
    } else if (key == "body_timeout_ms") {
      options_.body_timeout = milliseconds;
    } else if (key == "expect_timeout_ms") {
      options_.expect_timeout = milliseconds;
    } else if (key == "hang_timeout_ms") {
      options_.hang_timeout = milliseconds;
    } else if (key == "connection_lifetime_ms") {
      options_.connection_lifetime = milliseconds;
    } else if (key == "connection_requests_max") {
      options_.connection_requests_max = number;
    } else if (key == "pipelining") {
      options_.pipelining = static_cast<Pipelining>(value);
    } else if (key == "retry_status") {
      options_.retry_statuses.push_back(static_cast<int>(value));
    } else if (key == "retry_pause_ms") {
      options_.retry_pause = milliseconds;
    } else if (key == "retry_pause_max_ms") {
      options_.retry_pause_max = milliseconds;
    } else if (key == "requests_per_second") {
      options_.requests_per_second = number;
    } else if (key == "in_flight_max") {
      options_.in_flight_max = number;
    } else {
      throw std::runtime_error("unknown option: " + key);
    }
  }
}

void Transcript::submit(const Words& words) {
  Request request{.method = words.at(2), .url = words.at(3)};
  std::optional<Duration> timeout;
  std::function<bool(const Response&)> verify;
  bool streamed = false;
  for (std::size_t i = 4; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "bulk") {
      request.bulk = true;
    } else if (word == "repeat=allowed") {
      request.repeat = Repeat::allowed;
    } else if (word == "repeat=forbidden") {
      request.repeat = Repeat::forbidden;
    } else if (word.starts_with("body=")) {
      request.body.assign(std::stoul(value_of(word, "body=")), 'x');
    } else if (word.starts_with("verify=")) {
      verify = [body = value_of(word, "verify=")](const Response& answer) {
        return answer.body == body;
      };
    } else if (word.starts_with("source=")) {
      request.body_source.emplace().next = [] { return Future<std::string>(); };
      if (word != "source=chunked")
        request.body_source->length = std::stoul(value_of(word, "source="));
    } else if (word == "streamed") {
      streamed = true;
    } else if (word.starts_with("timeout=")) {
      timeout = duration_of(value_of(word, "timeout="));
    } else if (word.starts_with("header=")) {
      const std::string field = value_of(word, "header=");
      const std::size_t colon = field.find(':');
      request.headers.append(field.substr(0, colon), field.substr(colon + 1));
    } else {
      throw std::runtime_error("unknown word: " + word);
    }
  }
  Result<http::Prepared> prepared =
      http::prepare(request, http::Base{}, options_.pipeline_put_delete);
  if (!prepared) throw std::runtime_error(to_string(prepared.error()));
  names_.push_back(words[1]);
  const Result<ExchangeId> id = core().submit(now_, {.prepared = std::move(*prepared),
                                                     .tag = names_.size() - 1,
                                                     .timeout = timeout,
                                                     .verify = std::move(verify),
                                                     .streamed = streamed});
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
