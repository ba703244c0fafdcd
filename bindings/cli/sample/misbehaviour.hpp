#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace headrace::sample {

class Talk;

/// How often and how long. The numbers are those of the demo.
struct Habits {
  std::size_t every = 50;               ///< of the server's requests, each so many-th meets trouble
  std::size_t answers = 8;              ///< after which a connection is closed
  std::chrono::milliseconds idle{500};  ///< after which the server speaks up
  std::chrono::milliseconds slow{1'000};  ///< that a slow answer takes
};

/// A kind of server that pipelining clients meet in the field, or an honest one.
struct Misbehaviour {
  std::string_view name;
  std::string_view what;                ///< what it does, for the end of a sentence
  void (*serve)(Talk&, const Habits&);  ///< one connection; ends, or throws Gone, to close it
};

std::span<const Misbehaviour> misbehaviours();

/// Null when there is none of this name.
const Misbehaviour* find_misbehaviour(std::string_view name);

/// All of them, a line each.
std::string list_of_misbehaviours();

}  // namespace headrace::sample
