#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

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

// A checked request on its way to the loop, as the core will have it; but for what the call says
// of it (tag, streamed), which the loop's thread adds.
struct Arrival {
  detail::Ref<Call> call;
  core::Submission submission;
  std::unique_ptr<BodySource> source = {};
};

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
// anybody waits or calls back; the loop is woken when the first word is left in an empty inbox, or
// one that is waited for.
//
// It outlives the engine in the hands of its calls. Closing takes out the unread ones, which would
// otherwise hold each other.
class Inbox {
 public:
  struct Mail {
    std::vector<Arrival> arrivals;
    std::vector<detail::Ref<Call>> cancels;
    std::vector<Consumed> consumed;
    std::vector<Piece> pieces;
    std::vector<Question*> questions;
    std::optional<Duration> grace;  // shut down, with this grace

    void clear();
    void swap_rest(Mail& other) noexcept;  // all but the arrivals
    void give_up_questions() noexcept;
    bool empty() const noexcept {
      return arrivals.empty() && cancels.empty() && consumed.empty() && pieces.empty() &&
             questions.empty() && !grace;
    }
  };

  explicit Inbox(const Options& options);

  // Takes arrivals from the front until one is refused (`closed`, `queue_full`); gives the number
  // taken, and moves those away. The refusal is left alone when there is none.
  //
  // The bound is there for a loop that is kept from reading its mail: as much as one origin may
  // have waiting and all connections under way. What is too much for an origin the core refuses.
  std::size_t submit(std::span<Arrival> arrivals, std::optional<Error>& refusal);

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
  void make_room(std::size_t count);
  void wake(bool now = false);
  bool has_room_for(std::size_t bytes) const noexcept;
  Error why_refused() const;

  const std::size_t requests_max_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  Mail mail_;
  std::size_t bytes_ = 0;
  std::size_t pieces_expected_ = 0;
  std::string why_closed_;      // empty before close()
  bool shutting_down_ = false;  // a flag, since an engine must end without memory
  io::Loop* loop_ = nullptr;
  Lease lease_;
};

}  // namespace headrace::api
