#pragma once

#include <cstddef>

namespace headrace::core {

// What decides whether one more request may be written to a connection.
struct PipelineFacts {
  bool writable =
      false;  // connected, and nothing said or asked for makes an answer its last (S11, 9112 §9.6)
  std::size_t outstanding =
      0;  // requests placed or written there and not answered, abandoned ones included
  std::size_t depth = 1;        // how many may be (depth_allowed)
  bool holds_solo = false;      // one of them may have nothing behind it (S7, S8)
  bool head_abandoned = false;  // the answer that comes next is unwanted and may be stuck
};

// S6-S8: anything may go to a connection that owes nothing; behind others only what may share a
// pipeline, and never behind a request that may not.
bool admits(const PipelineFacts& connection, bool pipelinable) noexcept;

// What an origin has shown so far of its way with pipelines.
struct Profile {
  bool proven = false;   // some connection delivered an HTTP/1.1, self-framed, persistent response
  bool caution = false;  // a connection failed unannounced with requests in flight, and none has
                         // proved itself since
};

// S9, S10: a connection that has delivered is used to the full; a new one only if the origin has
// proved itself and nothing has happened since.
bool must_prove(const Profile& origin) noexcept;
std::size_t depth_allowed(bool connection_proven, std::size_t configured) noexcept;

}  // namespace headrace::core
