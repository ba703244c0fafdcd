#pragma once

#include <string>
#include <thread>

#include "headrace/headrace.hpp"

namespace headrace::test {

// Has the calling thread run the engine's loop, and leave it where nobody runs it for some
// milliseconds. The server of the url answers by itself.
inline void run_and_park(Engine& engine, const std::string& url) {
  const std::thread::id here = std::this_thread::get_id();
  for (bool ran = false; !ran;)
    engine.get(url).then([&](Result<Response>) { ran = std::this_thread::get_id() == here; }).get();
}

}  // namespace headrace::test
