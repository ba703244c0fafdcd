#include "engine/api/check_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "engine/api/check_tls_options.hpp"
#include "engine/core/origin_rules.hpp"
#include "engine/http/proxies.hpp"
#include "engine/io/known_addresses.hpp"

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

// Each loop needs something of what they share.
Result<void> check_loops(const Options& options) {
  constexpr unsigned loops_max = 256;
  if (Result<void> checked = check({"loops", options.loops, 1, loops_max}); !checked)
    return checked;
  const Range shared[] = {
      {"connections_max", options.connections_max, options.loops},
      {"connections_total_max", options.connections_total_max, options.loops},
      {"queue_requests_max", options.queue_requests_max, options.loops},
      {"queue_bytes_max", options.queue_bytes_max, options.loops},
  };
  for (const Range& range : shared)
    if (!check(range))
      return refuse(range.name, std::to_string(range.value),
                    "as much as loops or more, which is " + std::to_string(options.loops));
  return {};
}

struct Rate {
  std::string name;
  double value;
};

Result<void> check(const Rate& rate) {
  if (std::isfinite(rate.value) && rate.value >= 0) return {};
  return refuse(rate.name, std::to_string(rate.value), "0 (none) or more");
}

Result<void> check_statuses(const std::vector<int>& statuses) {
  for (const int status : statuses)
    if (status < 100 || status > 599)
      return refuse("retry_statuses", std::to_string(status), "100 to 599");
  return {};
}

Result<void> check_rates(const Options& options) {
  if (Result<void> checked = check(Rate{"requests_per_second", options.requests_per_second});
      !checked)
    return checked;
  for (std::size_t i = 0; i < options.origins.size(); ++i) {
    const Rate rate{"origins[" + std::to_string(i) + "].requests_per_second",
                    options.origins[i].requests_per_second.value_or(0)};
    if (Result<void> checked = check(rate); !checked) return checked;
  }
  return {};
}

// Each time limit of the options, with whether it may be none.
template <class O>
auto limits_of(O& options) {
  struct Limit {
    std::string_view name;
    decltype(&options.timeout) value;
    bool zero_allowed = false;
  };
  return std::array{
      Limit{"retry_pause", &options.retry_pause, true},
      Limit{"retry_pause_max", &options.retry_pause_max, true},
      Limit{"timeout", &options.timeout, true},
      Limit{"connect_timeout", &options.connect_timeout},
      Limit{"tls_timeout", &options.tls_timeout, true},
      Limit{"write_timeout", &options.write_timeout, true},
      Limit{"first_byte_timeout", &options.first_byte_timeout, true},
      Limit{"body_timeout", &options.body_timeout, true},
      Limit{"expect_timeout", &options.expect_timeout},
      Limit{"hang_timeout", &options.hang_timeout},
      Limit{"idle_timeout", &options.idle_timeout},
      Limit{"connection_lifetime", &options.connection_lifetime, true},
  };
}

Result<void> check_limit(std::string_view name, std::chrono::milliseconds value,
                         bool zero_allowed) {
  if (value.count() > 0 || (zero_allowed && value.count() == 0)) return {};
  return refuse(name, std::to_string(value.count()) + " ms",
                zero_allowed ? "0 (none) or more" : "1 ms or more");
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
  for (const Range& range : ranges)
    if (Result<void> checked = check(range); !checked) return checked;
  for (const auto& limit : limits_of(options))
    if (Result<void> checked = check_limit(limit.name, *limit.value, limit.zero_allowed); !checked)
      return checked;
  if (Result<void> checked = check_loops(options); !checked) return checked;
  if (Result<void> checked = check_rates(options); !checked) return checked;
  if (Result<void> checked = check_tls_options(options.tls, "tls"); !checked) return checked;
  for (const auto& [proxy, name] : {std::pair{&options.http_proxy, "http_proxy.tls"},
                                    std::pair{&options.https_proxy, "https_proxy.tls"}})
    if (Result<void> checked = check_tls_options(proxy->tls, name); !checked) return checked;
  if (Result<void> checked = check_statuses(options.retry_statuses); !checked) return checked;
  if (Result<void> checked = core::check_origin_rules(options); !checked) return checked;
  for (std::size_t i = 0; i < options.origins.size(); ++i) {
    const std::string where = "origins[" + std::to_string(i) + "]";
    if (Result<void> checked = check_tls_options(options.origins[i], where); !checked)
      return checked;
  }
  if (const auto read = io::KnownAddresses::read(options); !read)
    return std::unexpected(read.error());
  if (const auto read = http::Proxies::read(options); !read) return std::unexpected(read.error());
  return {};
}

std::optional<Duration> limit_of(std::chrono::milliseconds limit) noexcept {
  if (limit.count() == 0) return std::nullopt;
  return std::min<std::chrono::milliseconds>(limit, century);
}

Options within_a_century(Options options) noexcept {
  for (const auto& limit : limits_of(options))
    *limit.value = std::min<std::chrono::milliseconds>(*limit.value, century);
  return options;
}

}  // namespace headrace::api
