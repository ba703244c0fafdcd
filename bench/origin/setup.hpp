#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace headrace::bench {

// Gives what a system call returned, or throws std::system_error.
int checked(int result, const char* what);

// A listening socket on a free loopback port.
int listen_on_loopback(std::uint16_t& port);

// A descriptor that becomes readable on SIGTERM or SIGINT, which no longer end the process.
int watch_signals();

// Lets waits end when they should: normally they may end 50 us late, to save power.
void wait_precisely();

timespec until(std::chrono::steady_clock::time_point due,
               std::chrono::steady_clock::time_point now);

}  // namespace headrace::bench
