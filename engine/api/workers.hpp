#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/share.hpp"
#include "engine/api/worker.hpp"
#include "engine/http/origin.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/stats.hpp"

namespace headrace::api {

// The loops of an engine (Options::loops), which know nothing of each other: each has its share of
// the limits and of the requests, and learns of an origin by itself.
//
// In a forked child one made before the fork is neither used nor destroyed (Worker).
class Workers {
 public:
  static Result<std::unique_ptr<Workers>> start(const Options& options);

  // Shuts down without grace.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // The one to give a request of this origin: that with the least to do and, of several, the one
  // that this thread chose last, for that is where it may have the loop. What a callback submits
  // stays on its loop, where it needs no wake-up, unless that has twice as much to do. The request
  // counts as given; who does not submit it after all says so (Worker::take_back). Any thread.
  Worker& choose(const http::Origin& origin);

  void flush() const;
  void shut_down(std::chrono::milliseconds grace);
  Stats stats() const;
  std::string profiles() const;

  bool made_before_fork() const noexcept { return each_.front()->made_before_fork(); }

  // Gives up those made before the fork. Their memory stays reachable: no leak checker need worry.
  static void abandon(Workers& workers) noexcept;

 private:
  explicit Workers(const Options& options);
  std::size_t own_loop() const noexcept;  // that the calling thread has; their number for none
  std::size_t number_for(const http::Origin& origin) const;
  std::size_t least_busy() const noexcept;

  std::vector<std::unique_ptr<Worker>> each_;  // one at least
  const WholeOrigins whole_;
  Workers* abandoned_before_ = nullptr;
};

}  // namespace headrace::api
