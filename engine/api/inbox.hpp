#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/arrivals.hpp"
#include "engine/api/call.hpp"
#include "engine/api/lease.hpp"
#include "engine/api/question.hpp"
#include "engine/base/instant.hpp"
#include "engine/core/completion.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/request.hpp"

namespace headrace::io {
class Loop;
}

namespace headrace::api {

// What was taken of a streamed answer.
struct Consumed {
  detail::Ref<Call> call;
  std::size_t count = 0;
};

// A piece of a request's body.
struct Piece {
  detail::Ref<Call> call;
  Result<std::string> bytes;
};

// What the caller's threads leave for the loop's. Its lock is held for moves only, never while
// anybody waits or calls back; the loop is woken once for all that it finds there, and again for a
// word that is waited for. What its callbacks submit before it looks again takes no lock.
//
// It outlives the engine in the hands of its calls. Closing takes out the unread ones, which would
// otherwise hold each other.
class Inbox {
 public:
  struct Mail {
    Arrivals arrivals;
    Arrivals own;  // of the reader's callbacks, and later than what the same thread has in
                   // `arrivals`: it looked there before it called them
    std::vector<detail::Ref<Call>> cancels;
    std::vector<Consumed> consumed;
    std::vector<Piece> pieces;
    std::vector<Question*> questions;
    std::optional<Duration> grace;  // shut down, with this grace

    void clear();                          // of all but the arrivals of both kinds, which are taken
    void swap_rest(Mail& other) noexcept;  // all but the arrivals
    void give_up_questions() noexcept;
    bool empty() const noexcept {
      return arrivals.empty() && own.empty() && cancels.empty() && consumed.empty() &&
             pieces.empty() && questions.empty() && !grace;
    }
  };

  explicit Inbox(const Options& options);

  // Whether the loop is woken for a request now, or by the next flush.
  enum class Wakes : std::uint8_t { at_once, when_flushed };

  // False when it is refused (`closed`, `queue_full`), and stays what it is. The refusal is left
  // alone when there is none. What throws has taken nothing.
  //
  // The bound is there for a loop that is kept from reading its mail: as much as one origin may
  // have waiting and all connections under way, and the same for what its own callbacks leave. What
  // is too much for an origin the core refuses.
  bool submit(Arrival& arrival, std::optional<Error>& refusal, Wakes wakes = Wakes::at_once);

  // Wakes the loop for what it was not woken for. Without the lock where there is nothing.
  void flush();

  // The same of many, with one wake-up: takes them from the front until one is refused, and gives
  // the number taken. Those that are left have their calls yet.
  std::size_t submit_all(Arrivals& arrivals, std::optional<Error>& refusal);

  void cancel(Call& call) noexcept;

  void consumed(Call& call, std::size_t count);

  // Whoever asked a source for a piece says so first: then there is room for it, whatever comes.
  void expect_piece();
  void supply(Call& call, Result<std::string> piece) noexcept;

  // Gives the question up at once when there is no loop to answer it, or none any more.
  void ask(Question& question);

  // Refuses further arrivals; of several graces the shortest counts.
  void shut_down(Duration grace);

  // Who may run the loop that reads this.
  Lease& lease() noexcept { return lease_; }

  // For the loop's thread: everything left so far, for the memory of `into`, which is clear.
  void take(Mail& into);

  // Between these two the loop is woken for mail. Closing gives what nobody will read any more, and
  // sets what later arrivals are told.
  void open(io::Loop& loop);
  Mail close(std::string why) noexcept;

 private:
  void wake(bool now = false);

  // What waits to be read, and its requests' bytes.
  struct Waiting {
    Arrivals& arrivals;
    std::size_t& bytes;
  };
  bool put(Waiting waiting, Arrival& arrival, std::optional<Error>& refusal) const;
  std::size_t put_all(Waiting waiting, Arrivals& arrivals, std::optional<Error>& refusal) const;
  std::size_t put_some(Waiting waiting, Arrivals& arrivals) const;
  bool has_room_for(Waiting waiting, std::size_t count, std::size_t bytes) const noexcept;
  Error why_refused(Waiting waiting) const;

  const std::size_t requests_max_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  Mail mail_;  // but for `own`, which is the reader's alone
  std::size_t bytes_ = 0;
  std::size_t own_bytes_ = 0;
  std::size_t pieces_expected_ = 0;
  std::string why_closed_;                  // empty before close()
  std::atomic<bool> shutting_down_{false};  // a flag, since an engine must end without memory
  bool woken_ = false;                      // for what lies here, or it comes without
  std::atomic<bool> unflushed_{false};  // what lies here waits for a flush; changed with the lock
  io::Loop* loop_ = nullptr;
  Lease lease_;
};

}  // namespace headrace::api
