#pragma once

#include <deque>
#include <limits>

#include "tests/sim/answer.hpp"
#include "tests/sim/link.hpp"
#include "tests/sim/request_parser.hpp"

namespace headrace::sim {

// The server's end of one connection. It executes a request when it has it whole, works on one at a
// time and answers in order, but for what its manner makes it do.
class ServerConnection {
 public:
  ServerConnection(World& world, Link& link, Manner manner);

  void arrive(Bytes segment);
  void serve();      // the work on the oldest request is done
  void noise();      // a moment at which it may speak, or leave, unasked
  void calm_down();  // from now on honest; where it can't be any more, the connection is reset

 private:
  void take(const SeenRequest& request);
  void execute(const SeenRequest& request);
  bool drops(const SeenRequest& request) const;
  bool beyond_end() const;
  void start();
  void answer(const SeenRequest& request);
  AnswerWish wish_for(const SeenRequest& request);
  void after(const Answer& answer);
  void refuse_half();
  void give_leave();
  void speak();
  bool is_idle() const { return pending_.empty() && !serving_ && parser_.empty(); }
  void leave();

  World& world_;
  Link& link_;
  Manner manner_;
  RequestParser parser_;
  std::deque<SeenRequest> pending_;  // executed and to be answered
  bool serving_ = false;
  bool mute_ = false;
  bool finished_ = false;            // its FIN is out
  std::size_t dropped_at_ = nobody;  // where the first request lies that it will not answer
  bool mute_after_drop_ = false;
  unsigned answered_ = 0;
  unsigned ends_after_ = std::numeric_limits<unsigned>::max();
};

}  // namespace headrace::sim
