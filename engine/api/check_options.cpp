#include "engine/api/check_options.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

namespace headrace::api {
namespace {

constexpr std::chrono::hours century{24 * 365 * 100};
constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;  // Headers counts its bytes in 32 bits

struct Range {
  std::string_view name;
  std::uint64_t value;
  std::uint64_t least;
  std::uint64_t most = any;
};

struct Limit {
  std::string_view name;
  std::chrono::milliseconds value;
  bool zero_allowed = false;
};

std::unexpected<Error> refuse(std::string_view name, const std::string& value,
                              const std::string& allowed) {
  return std::unexpected(
      Error{.code = ErrorCode::invalid_argument,
            .safe_to_repeat = true,
            .detail = "option " + std::string(name) + " is " + value + ", allowed is " + allowed});
}

Result<void> check(const Range& range) {
  if (range.value >= range.least && range.value <= range.most) return {};
  const std::string allowed = range.most == any ? " or more" : " to " + std::to_string(range.most);
  return refuse(range.name, std::to_string(range.value), std::to_string(range.least) + allowed);
}

Result<void> check(const Limit& limit) {
  if (limit.value.count() > 0 || (limit.zero_allowed && limit.value.count() == 0)) return {};
  return refuse(limit.name, std::to_string(limit.value.count()) + " ms",
                limit.zero_allowed ? "0 (none) or more" : "1 ms or more");
}

}  // namespace

Result<void> check_options(const Options& options) {
  const Range ranges[] = {
      {"connections_max", options.connections_max, 1},
      {"connections_total_max", options.connections_total_max, 1},
      {"pipeline_depth", options.pipeline_depth, 1},
      {"attempts_max", options.attempts_max, 1},
      {"connect_attempts", options.connect_attempts, 1},
      {"queue_requests_max", options.queue_requests_max, 1},
      {"queue_bytes_max", options.queue_bytes_max, 1},
      {"head_bytes_max", options.head_bytes_max, 1, gibibyte},
      {"head_fields_max", options.head_fields_max, 1},
  };
  const Limit limits[] = {
      {"timeout", options.timeout, true},
      {"connect_timeout", options.connect_timeout},
      {"idle_timeout", options.idle_timeout},
  };
  for (const Range& range : ranges)
    if (Result<void> checked = check(range); !checked) return checked;
  for (const Limit& limit : limits)
    if (Result<void> checked = check(limit); !checked) return checked;
  return {};
}

std::optional<Duration> limit_of(std::chrono::milliseconds limit) noexcept {
  if (limit.count() == 0) return std::nullopt;
  return std::min<std::chrono::milliseconds>(limit, century);
}

Options within_a_century(Options options) noexcept {
  for (auto* limit : {&options.timeout, &options.connect_timeout, &options.idle_timeout})
    *limit = std::min<std::chrono::milliseconds>(*limit, century);
  return options;
}

}  // namespace headrace::api
