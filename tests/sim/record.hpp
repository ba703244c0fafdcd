#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "tests/sim/answer.hpp"
#include "tests/sim/request_parser.hpp"

namespace headrace::sim {

// Where an answer lies in what the server has sent on a connection.
struct Mark {
  Answer answer;  // without its bytes
  std::size_t begins = 0;
  std::size_t head_ends = 0;
  std::size_t ends = 0;  // nobody: not before the stream's end
  bool begun = false;
  bool early = false;  // it began before its request was accepted as a whole (S4)
  bool head_counted = false;
};

// A request handed over by the core.
struct Written : SeenRequest {
  unsigned attempt = 0;  // the how manieth time it was: an older one's answer is not wanted
  bool behind = false;   // something was outstanding then
};

// What was written to a connection while what was outstanding, as the wire saw it: the i-th final
// answer is the i-th request's, whatever the core believes.
struct Record {
  std::deque<Written> outstanding;  // handed over by the core, not answered in whole
  std::deque<Mark> marks;           // sent by the server, not delivered in whole
  RequestParser parser{RequestParser::Side::writer};  // of what the core hands over
  std::size_t requests = 0;
  std::size_t proofs = 0;  // answers delivered that let it be pipelined on (S9)
  std::size_t answers = 0;
  Instant opened = {};
  Instant idle_since = {};
  std::size_t troubles_before = 0;  // the origin's unannounced failures when it was opened
  bool must_prove = false;          // opened after trouble that nothing has calmed since (S10)
  bool asked_close = false;         // the last request says that it is the last (9112 §9.6)
  bool said_close = false;          // an answer does (S11)
  bool hinted = false;              // the server has said how long it keeps an idle connection
  bool lied = false;                // the server has sent what was asked otherwise, or not at all
  bool garbled = false;             // ... or what is no answer: from here on nobody can tell
};

}  // namespace headrace::sim
