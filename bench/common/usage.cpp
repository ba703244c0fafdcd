#include "bench/common/usage.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace headrace::bench {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::size_t status_kib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string name; status >> name;) {
    std::size_t kib = 0;
    if (name == field && status >> kib) return kib;
    status.ignore(4096, '\n');
  }
  throw std::runtime_error("/proc/self/status has no " + field + ": is /proc mounted?");
}

}  // namespace

Usage Usage::now() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto clock = std::chrono::steady_clock::now().time_since_epoch();
  return {.seconds = std::chrono::duration<double>(clock).count(),
          .cpu_user_seconds = seconds_of(used.ru_utime),
          .cpu_system_seconds = seconds_of(used.ru_stime)};
}

Usage Usage::since(const Usage& before) const {
  return {.seconds = seconds - before.seconds,
          .cpu_user_seconds = cpu_user_seconds - before.cpu_user_seconds,
          .cpu_system_seconds = cpu_system_seconds - before.cpu_system_seconds};
}

std::size_t peak_rss_kib() { return status_kib("VmHWM:"); }
std::size_t rss_kib() { return status_kib("VmRSS:"); }

std::size_t held_rss_kib() {
  malloc_trim(0);
  return rss_kib();
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace headrace::bench
