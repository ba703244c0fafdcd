#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "engine/base/instant.hpp"
#include "headrace/response.hpp"
#include "tests/sim/request_parser.hpp"
#include "tests/sim/swarm.hpp"

namespace headrace::sim {

inline constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// A response and what a client may conclude from it.
struct Answer {
  std::string head;
  std::string body;  // as framed, trailers included
  std::size_t call = nobody;
  int status = 200;
  bool informational = false;
  bool to_head = false;      // HEAD was asked: there is no body, whatever the fields say
  bool closes = false;       // says that it is the last on its connection (S11)
  bool proves = false;       // HTTP/1.1, self-framed, persistent (S9)
  bool until_close = false;  // its body ends with the stream
  bool hints = false;        // Keep-Alive: timeout=2 (S30)
  bool truncated = false;    // it never ends
  Duration retry_after = {};
};

// What else an answer has to be.
struct AnswerWish {
  bool close = false;
  bool http10 = false;
  bool truncate = false;
  std::string field = {};  // a whole line, "Keep-Alive: timeout=2\r\n"
};

Answer render_answer(Dice& dice, const ServerPlan& plan, const SeenRequest& request,
                     const AnswerWish& wish);
Answer render_refusal(int status, std::size_t call);  // with Connection: close and no body
Answer render_informational(int status);

// Does the response echo this call, in its fields as well as in its body, and is it all there?
bool answers(const Response& response, std::size_t call);
bool is_whole(const Response& response, bool head);

}  // namespace headrace::sim
