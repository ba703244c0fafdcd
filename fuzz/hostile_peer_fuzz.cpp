#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/core.hpp"
#include "fuzz/require.hpp"
#include "fuzz/strict_parser.hpp"
#include "tests/http/reading.hpp"
#include "tests/support/unread_text.hpp"

// The core with a peer that says anything at any time: every request completes once, with the
// answer that stands in its place in its connection's bytes, as a second parser reads them, or with
// an error (S1-S4, S12, S14).
//
// Input: a byte for the options, then steps; bytes of a peer stand in the input as they come.

using namespace headrace;
using headrace::fuzz::require;
using std::chrono::milliseconds;

namespace {

// How one connection looks from the far end.
struct Far {
  ConnectionId id = {};
  bool dialled = false;
  bool open = true;
  std::vector<unsigned> asked = {};      // the numbers in the paths written, in order
  std::vector<bool> heads = {};          // which of them were HEAD
  std::vector<std::size_t> begins = {};  // where each lies in what was written
  std::size_t given = 0;                 // bytes written
  std::size_t left = 0;                  // of these, on their way
  std::string said = {};
  bool whole = false;           // it ended cleanly
  std::string unreported = {};  // written and not acknowledged
};

struct Sent {
  bool post = false;
  unsigned written = 0;
  bool complete = false;
};

class Play {
 public:
  Play(const std::uint8_t* data, std::size_t size)
      : next_(data), end_(data + size), core_(options(take()), 1) {}

  void run() {
    while (next_ != end_) step();
    core_.shut_down(now_, Duration::zero());
    perform();
    require(core_.finished(), "nothing is left after shutting down");
    for (const Sent& one : sent_) require(one.complete, "every request completes");
  }

 private:
  static Options options(unsigned choice) {
    Options options;
    options.connections_max = 1 + (choice & 1U) * 2;
    options.pipelining = (choice & 2U) != 0 ? Pipelining::fixed : Pipelining::learned;
    options.pipeline_depth = 1 + ((choice >> 2U) & 7U);
    options.body_bytes_max = 1000;
    options.head_bytes_max = 8192;
    options.head_fields_max = 1000;
    options.informational_max = 1000;
    options.first_byte_timeout = milliseconds((choice & 0x20U) != 0 ? 500 : 0);
    options.log = [](LogLevel, std::string_view line) {
      for (const char byte : line)
        require(static_cast<unsigned char>(byte) >= 0x20, "a peer breaks the lines of the log");
    };
    return options;
  }

  unsigned take() { return next_ == end_ ? 0 : *next_++; }

  Far* chosen() {
    if (far_.empty()) return nullptr;
    return &far_[take() % far_.size()];
  }

  void step() {
    switch (take() % 10) {
      case 0:
      case 1:
        submit(take());
        break;
      case 2:
        if (Far* const far = chosen()) dialled(*far);
        break;
      case 3:
      case 4:
        if (Far* const far = chosen()) say(*far, raw(take()));
        break;
      case 5:
      case 6:
        if (Far* const far = chosen()) say(*far, answers(take()));
        break;
      case 7:
        if (Far* const far = chosen()) close(*far, take() % 2 == 0);
        break;
      case 8:
        now_ += milliseconds(take() * 10);
        core_.on_tick(now_);
        break;
      default:
        if (!ids_.empty()) core_.cancel(now_, ids_[take() % ids_.size()]);
    }
    perform();
  }

  void submit(unsigned choice) {
    const auto number = static_cast<unsigned>(sent_.size());
    if (number == 40) return;
    constexpr const char* methods[] = {"GET", "GET", "HEAD", "POST"};
    Request request{.method = methods[choice % 4], .url = "http://h/" + std::to_string(number)};
    auto prepared = http::prepare(request, {}, false);
    require(prepared.has_value(), "a request without fault");
    const auto id =
        core_.submit(now_, {.prepared = std::move(*prepared),
                            .tag = number,
                            .timeout = milliseconds((choice & 4U) != 0 ? 300 : 60'000)});
    require(id.has_value(), "room in the queue");
    ids_.push_back(*id);
    sent_.push_back({.post = choice % 4 == 3});
  }

  void dialled(Far& far) {
    if (far.dialled || !far.open) return;
    if (take() % 4 == 3) {
      far.open = false;
      return core_.on_dialled(
          now_, far.id,
          std::unexpected(Error{.code = ErrorCode::connect_failed, .phase = Phase::connect}));
    }
    far.dialled = true;
    core_.on_dialled(now_, far.id, {});
  }

  std::string raw(std::size_t size) {
    size = std::min(size % 96, static_cast<std::size_t>(end_ - next_));
    std::string bytes(reinterpret_cast<const char*>(next_), size);
    next_ += size;
    return bytes;
  }

  // Well-formed answers, so that a fuzzer need not find them.
  static std::string answers(unsigned choice) {
    constexpr std::string_view kinds[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 204 None\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\ncd",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nto the end",
        "HTTP/1.0 404 No\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\ne",
        "\r\n"};
    std::string all;
    for (unsigned i = 0; i <= (choice >> 3U) % 8; ++i) all += kinds[choice % 8];
    return all;
  }

  void say(Far& far, const std::string& bytes) {
    if (!far.dialled || !far.open) return;
    acknowledge(far, take() % 2 == 0 ? far.unreported.size() : take());
    if (!far.open || bytes.empty()) return;
    far.said += bytes;
    test::receive_like_a_shell(core_, now_, far.id, bytes);
  }

  void acknowledge(Far& far, std::size_t count) {
    count = std::min(count, far.unreported.size());
    if (count == 0) return;
    far.unreported.erase(0, count);
    far.left += count;
    core_.on_written(now_, far.id, count);
    perform();
  }

  void close(Far& far, bool clean) {
    if (!far.dialled || !far.open) return;
    far.open = false;
    far.whole = clean;
    if (clean)
      core_.on_closed(now_, far.id, {});
    else
      core_.on_closed(now_, far.id, std::unexpected(Error{.code = ErrorCode::connection_lost}));
  }

  void perform() {
    std::size_t actions = 0;
    while (const auto action = core_.next_action()) {
      require(++actions < 2000, "an end of actions");
      if (const auto* const dial = std::get_if<core::Dial>(&*action))
        far_.push_back({.id = dial->connection});
      if (const auto* const write = std::get_if<core::Write>(&*action)) written(*write);
      if (const auto* const close = std::get_if<core::Close>(&*action))
        if (Far* const far = find(close->connection)) far->open = false;
    }
    for (const core::Completion& completion : core_.take_completions()) completed(completion);
    if (const auto due = core_.next_deadline()) require(*due < Instant::max(), "a deadline");
  }

  Far* find(ConnectionId id) {
    const auto found = std::ranges::find(far_, id, &Far::id);
    return found == far_.end() ? nullptr : &*found;
  }

  void written(const core::Write& write) {
    Far* const far = find(write.connection);
    require(far != nullptr && far->open && far->dialled, "writes go to open connections");
    far->unreported += write.bytes;
    std::string_view rest = write.bytes;
    while (!rest.empty()) {
      const std::size_t end = rest.find("\r\n\r\n");
      require(end != std::string_view::npos, "whole requests");
      const std::string_view line = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(end + 4);
      const auto number =
          static_cast<unsigned>(std::stoul(std::string(line.substr(line.find('/') + 1))));
      require(number < sent_.size() && !sent_[number].complete, "a request that is wanted");
      ++sent_[number].written;
      require(!sent_[number].post || !has_left(number), "a POST is written once");
      far->asked.push_back(number);
      far->begins.push_back(far->given +
                            static_cast<std::size_t>(line.data() - write.bytes.data()));
      far->heads.push_back(line.starts_with("HEAD"));
    }
    far->given += write.bytes.size();
  }

  // Whether any byte of it may have reached a peer.
  bool has_left(unsigned number) const {
    for (const Far& far : far_)
      for (std::size_t place = 0; place < far.asked.size(); ++place)
        if (far.asked[place] == number && far.left > far.begins[place]) return true;
    return false;
  }

  void completed(const core::Completion& completion) {
    require(completion.tag < sent_.size(), "a request of ours");
    Sent& one = sent_[completion.tag];
    require(!one.complete, "one completion each");
    one.complete = true;
    if (!completion.result) {
      require(completion.result.error().code != ErrorCode::internal, "no error of our own");
      return;
    }
    require(one.written > 0, "an answer to what was asked");
    require(std::ranges::any_of(far_, [&](const Far& far) { return answered(far, completion); }),
            "the answer in its place");
  }

  // Whether the second parser finds this answer where the request stood in this pipeline.
  bool answered(const Far& far, const core::Completion& completion) const {
    for (std::size_t place = 0; place < far.asked.size(); ++place)
      if (far.asked[place] == completion.tag && says(answer_at(far, place), *completion.result))
        return true;
    return false;
  }

  struct Answer {
    std::string head;  // in the words of tests/http/reading.hpp
    std::string body;
  };

  // Between what both say of it stand its framing and whether the connection stays.
  static bool says(const std::optional<Answer>& answer, const Response& response) {
    const std::string front = std::to_string(response.status) + " " + response.reason + " 1." +
                              std::to_string(response.http_minor) + " ";
    const std::string fields = http::test::describe(response.headers);
    return answer && answer->body == response.body &&
           answer->head.size() > front.size() + fields.size() && answer->head.starts_with(front) &&
           answer->head.ends_with(fields);
  }

  static std::optional<Answer> answer_at(const Far& far, std::size_t place) {
    http::test::Stream stream{
        .bytes = far.said,
        .limits = {.head_bytes_max = 8192,
                   .head_fields_max = 1000,
                   .body_bytes_max = 1000,
                   .informational_max = 1000},
        .ending = far.whole ? http::test::Ending::clean : http::test::Ending::open};
    for (const bool head : far.heads) stream.expected.push_back({.head = head});
    std::size_t number = 0;
    Answer answer;
    for (const std::string& line : fuzz::read_strictly(stream).transcript) {
      if (line.starts_with("body ")) {
        answer.body = line.substr(5);
      } else if (line.starts_with("end")) {
        if (number++ == place) return answer;
        answer.body.clear();
      } else if (!line.starts_with("1xx ")) {
        answer.head = line;
      }
    }
    return std::nullopt;
  }

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  core::Core core_;
  Instant now_{};
  std::deque<Far> far_;
  std::vector<ExchangeId> ids_;
  std::vector<Sent> sent_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2048) return 0;
  Play(data, size).run();
  return 0;
}
