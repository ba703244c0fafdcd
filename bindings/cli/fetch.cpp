#include "bindings/cli/fetch.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bindings/cli/allowance.hpp"
#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/fetch_answer.hpp"
#include "bindings/cli/fetch_request.hpp"
#include "bindings/cli/line_reader.hpp"
#include "bindings/cli/no_engine.hpp"
#include "bindings/cli/output.hpp"
#include "bindings/cli/profiles_file.hpp"
#include "bindings/inventory/mailbox.hpp"
#include "headrace/engine.hpp"

// Two threads: this one reads lines and submits, never waiting for an answer; another writes the
// answers. Between them is the engine, and an allowance that stops the reading while too much is
// under way, so that memory stays bounded when answers come, or are read, more slowly than lines.

namespace headrace::cli {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{64} << 20U;
constexpr std::size_t under_way_max = 100'000;
constexpr std::size_t bytes_under_way_max = std::size_t{256} << 20U;
constexpr std::size_t output_bytes_max = std::size_t{1} << 20U;  // written at the latest then

struct Finished {
  std::optional<std::string> id;
  std::size_t line;
  std::size_t bytes;  // what it holds of the allowance
  Result<Response> result;
};

// What the engine's thread needs; lives as long as any request does.
struct Shared {
  Allowance allowance{under_way_max, bytes_under_way_max};
  Mailbox<Finished> finished;
};

Error refusal(std::string message) {
  return {
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(message)};
}

class Writer {
 public:
  Writer(std::shared_ptr<Shared> shared, std::stop_source stop)
      : shared_(std::move(shared)), stop_(std::move(stop)), thread_([this] { run(); }) {}
  ~Writer() { join(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Writes what is there and ends.
  void join() {
    shared_->finished.close();
    if (thread_.joinable()) thread_.join();
  }

  bool any_failed() const noexcept { return any_failed_; }   // after join
  std::string problem() const { return output_.problem(); }  // after join

 private:
  void run();
  void write(std::vector<Finished> batch);

  std::shared_ptr<Shared> shared_;
  std::stop_source stop_;
  Output output_{STDOUT_FILENO};
  std::string text_;
  bool any_failed_ = false;
  std::thread thread_;
};

void Writer::run() {
  while (output_.ok()) {
    auto batch = shared_->finished.take_all({});
    if (batch.empty()) return;
    write(std::move(batch));
  }
  stop_.request_stop();
}

void Writer::write(std::vector<Finished> batch) {
  std::size_t bytes = 0;
  for (Finished& one : batch) {
    any_failed_ = any_failed_ || !one.result;
    append_answer(text_, one.id, one.line, one.result);
    one.result = std::unexpected(Error{});  // its body is in the text now
    bytes += one.bytes;
    if (text_.size() < output_bytes_max) continue;
    output_.write(text_);
    text_.clear();
  }
  output_.write(text_);
  text_.clear();
  shared_->allowance.leave(batch.size(), bytes);
}

// Reads lines and submits them, all that one read gave with one wake-up of the engine.
class Reader {
 public:
  Reader(Engine& engine, std::shared_ptr<Shared> shared, std::stop_token stop)
      : engine_(engine),
        shared_(std::move(shared)),
        stop_(std::move(stop)),
        lines_(STDIN_FILENO, line_bytes_max, stop_) {}

  /// Until the end of input, or a stop.
  void run() {
    for (auto lines = lines_.next(); !lines.empty(); lines = lines_.next()) {
      for (Line& line : lines)
        if (!take(std::move(line))) return;
      submit();
    }
  }

  std::string problem() const { return lines_.problem(); }

 private:
  bool take(Line line);
  void submit();

  Engine& engine_;
  std::shared_ptr<Shared> shared_;
  std::stop_token stop_;
  LineReader lines_;
  std::vector<Request> requests_;  // of this batch
  std::vector<Finished> places_;   // where the answer of each goes
};

bool is_blank(const Line& line) {
  return !line.too_long && line.text.find_first_not_of(" \t\r") == std::string::npos;
}

FetchLine parse(Line line) {
  if (!line.too_long) return parse_fetch_line(std::move(line.text));
  return {.request = std::unexpected("a line may have at most " + std::to_string(line_bytes_max) +
                                     " bytes")};
}

// False when a stop was requested while there was no room.
bool Reader::take(Line line) {
  if (is_blank(line)) return true;
  // What a request holds is at most what its line held, and some for the engine's records.
  Finished place{.id = {}, .line = line.number, .bytes = line.text.size() + 512, .result = {}};
  if (!shared_->allowance.try_enter(place.bytes)) {
    submit();
    if (!shared_->allowance.enter(place.bytes, stop_)) return false;
  }
  FetchLine parsed = parse(std::move(line));
  place.id = std::move(parsed.id);
  if (!parsed.request) {
    place.result = std::unexpected(refusal(std::move(parsed.request.error())));
    shared_->finished.put(std::move(place));
    return true;
  }
  requests_.push_back(std::move(*parsed.request));
  places_.push_back(std::move(place));
  return true;
}

void Reader::submit() {
  if (requests_.empty()) return;
  auto futures = engine_.submit_all(std::exchange(requests_, {}));
  for (std::size_t i = 0; i < futures.size(); ++i) {
    futures[i]
        .then([shared = shared_, place = std::move(places_[i])](Result<Response> result) mutable {
          const std::size_t body_bytes = result ? result->body.size() : 0;
          shared->allowance.grow(body_bytes);
          place.bytes += body_bytes;
          place.result = std::move(result);
          shared->finished.put(std::move(place));
        })
        .detach();
  }
  places_.clear();
}

Options with_room(Options options) {
  // The allowance is the bound here, so that a line is never refused for coming too early.
  options.queue_requests_max = std::max(options.queue_requests_max, under_way_max);
  options.queue_bytes_max =
      std::max(options.queue_bytes_max, 2 * bytes_under_way_max + line_bytes_max);
  return options;
}

int report(const std::string& problem, int code = exit_failed) {
  complain(problem);
  return code;
}

}  // namespace

int run_fetch(const FetchArguments& arguments, const std::stop_token& interrupted) {
  auto profiles = load_profiles(arguments.profiles_file);
  if (!profiles) return report(profiles.error());
  auto tls = finish_tls(arguments.tls);
  if (!tls) return report(tls.error(), exit_usage);
  Options options = with_room(arguments.options);
  options.tls = std::move(*tls);
  const auto ways = finish_ways(arguments.ways, options);
  if (!ways) return report(ways.error(), exit_usage);
  options.profiles = std::move(*profiles);
  auto engine = Engine::create(std::move(options));
  if (!engine) return report_no_engine(engine.error());

  std::stop_source stop;  // for an interrupt, and for an output that takes no more
  const std::stop_callback pass_on(interrupted, [&stop] { stop.request_stop(); });
  const auto shared = std::make_shared<Shared>();
  Writer writer(shared, stop);
  Reader reader(*engine, shared, stop.get_token());
  reader.run();
  shared->allowance.wait_empty(stop.get_token());
  const std::string unsaved = save_profiles(arguments.profiles_file, *engine);
  engine->shut_down(std::chrono::milliseconds(0));
  writer.join();

  if (!writer.problem().empty()) return report(writer.problem());
  if (!reader.problem().empty()) return report(reader.problem());
  if (!unsaved.empty()) return report(unsaved);
  return writer.any_failed() ? exit_failed : exit_done;
}

}  // namespace headrace::cli
