#include "tests/core/transcript_options.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace headrace::test {
namespace {

template <auto option>
void put(Options& options, unsigned long value) {
  using Value = std::remove_cvref_t<decltype(options.*option)>;
  options.*option = static_cast<Value>(value);
}

void add_retry_status(Options& options, unsigned long value) {
  options.retry_statuses.push_back(static_cast<int>(value));
}

struct Row {
  std::string_view key;
  void (*set)(Options& options, unsigned long value);
};

constexpr Row rows[] = {
    {"connections_max", put<&Options::connections_max>},
    {"connections_total_max", put<&Options::connections_total_max>},
    {"pipeline_depth", put<&Options::pipeline_depth>},
    {"pipeline_put_delete", put<&Options::pipeline_put_delete>},
    {"attempts_max", put<&Options::attempts_max>},
    {"connect_attempts", put<&Options::connect_attempts>},
    {"queue_requests_max", put<&Options::queue_requests_max>},
    {"queue_bytes_max", put<&Options::queue_bytes_max>},
    {"body_bytes_max", put<&Options::body_bytes_max>},
    {"informational_max", put<&Options::informational_max>},
    {"idle_timeout_ms", put<&Options::idle_timeout>},
    {"connect_timeout_ms", put<&Options::connect_timeout>},
    {"tls_timeout_ms", put<&Options::tls_timeout>},
    {"write_timeout_ms", put<&Options::write_timeout>},
    {"first_byte_timeout_ms", put<&Options::first_byte_timeout>},
    {"body_timeout_ms", put<&Options::body_timeout>},
    {"expect_timeout_ms", put<&Options::expect_timeout>},
    {"hang_timeout_ms", put<&Options::hang_timeout>},
    {"connection_lifetime_ms", put<&Options::connection_lifetime>},
    {"connection_requests_max", put<&Options::connection_requests_max>},
    {"pipelining", put<&Options::pipelining>},
    {"retry_pause_ms", put<&Options::retry_pause>},
    {"retry_pause_max_ms", put<&Options::retry_pause_max>},
    {"requests_per_second", put<&Options::requests_per_second>},
    {"in_flight_max", put<&Options::in_flight_max>},
    {"retry_status", add_retry_status},
};

}  // namespace

void set_option(Options& options, const std::string& word) {
  const std::size_t at = word.find('=');
  const auto row = std::ranges::find(rows, std::string_view(word).substr(0, at), &Row::key);
  if (row == std::end(rows)) throw std::runtime_error("unknown option: " + word);
  row->set(options, std::stoul(word.substr(at + 1)));
}

}  // namespace headrace::test
