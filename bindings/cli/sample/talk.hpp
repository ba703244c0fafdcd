#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/sample/http.hpp"

namespace headrace::sample {

/// What a misbehaving server has seen and done so far. `broken_pipelines` are connections that
/// ended, whoever ended them, with two or more requests unanswered: what a client has to lose
/// before it knows better.
struct Tally {
  std::size_t connections = 0;  ///< accepted
  std::size_t open = 0;         ///< of them not ended yet
  std::size_t requests = 0;     ///< read whole
  std::size_t answers = 0;      ///< to requests
  std::size_t unasked = 0;      ///< answers that nobody had asked for
  std::size_t broken_pipelines = 0;
};

/// The tally of a server, which its connections keep together.
class Ledger {
 public:
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change(tally_);
    changed_.notify_all();
  }
  Tally tally() const {
    const std::lock_guard lock(mutex_);
    return tally_;
  }
  bool wait_until_alone(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return tally_.open == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Tally tally_;
};

/// A request as it was read; `number` counts those of the whole server from 1.
struct Heard {
  Request request = {};
  std::size_t number = 0;
};

/// Thrown by whatever waits or writes once the client or the server has ended the connection.
struct Gone {};

/// One accepted connection, for a script that runs in a thread of its own. Answers are gathered,
/// and leave together when the script next waits: what was read at once is answered at once.
class Talk {
 public:
  Talk(int descriptor, Ledger& ledger);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// Waits for requests: all those that one read completed, at least one.
  std::vector<Heard> hear();
  /// Takes whatever else has come by now, without waiting, to leave it unanswered.
  void overhear();
  /// Takes whatever comes until the client goes away, and answers nothing of it.
  void fall_silent();

  /// 200 with the request's target for a body; `last` announces the connection's end.
  void answer(const Heard& heard, bool last = false);
  /// The same with other bytes.
  void answer_with(std::string_view bytes);
  /// Something that nobody asked for.
  void say(std::string_view bytes);

  /// Lets so much time pass, unless the server stops before.
  void pause(std::chrono::milliseconds duration);
  /// True when nothing comes for so long.
  bool quiet_for(std::chrono::milliseconds duration);

  void finish();     ///< sends what was gathered, then closes
  void close();      ///< RST where unread bytes are left, as the kernel does it
  void reset();      ///< sends what was gathered, then RST
  void interrupt();  ///< from another thread: everything that waits is Gone

 private:
  bool wait_readable(std::chrono::milliseconds limit);
  bool read_once(bool wait);
  std::vector<Heard> parse();
  void flush();

  std::mutex closing_;  // close against interrupt
  int descriptor_;
  Ledger& ledger_;
  std::string input_ = {};
  std::string output_ = {};
  std::size_t owed_ = 0;
  bool last_ = false;  // the client has said that nothing follows
};

}  // namespace headrace::sample
