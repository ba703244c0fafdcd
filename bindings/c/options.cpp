#include "bindings/c/options.hpp"

#include <utility>

#include "bindings/common/environment_proxies.hpp"

namespace headrace::c {

void read_pipelining(Reader& reader, hr_pipelining given, Pipelining& option) {
  const int choice = reader.choice("pipelining", given, 4);
  if (choice != HR_PIPELINING_DEFAULT) option = static_cast<Pipelining>(choice - 1);
}
static_assert(static_cast<int>(Pipelining::off) == HR_PIPELINING_OFF - 1 &&
              static_cast<int>(Pipelining::fixed) == HR_PIPELINING_FIXED - 1 &&
              static_cast<int>(Pipelining::learned) == HR_PIPELINING_LEARNED - 1);

void read_rate(Reader& reader, double given, double& option) {
  if (given != 0) option = given == HR_NONE ? 0 : given;
  if (!(given >= 0 || given == HR_NONE))
    reader.refuse("requests_per_second", std::to_string(given), "-1 (HR_NONE), or 0 or more");
}

void read_proxy(Reader& reader, const std::string& type, const std::string& name, hr_str given,
                Proxy& option) {
  auto proxy = parse_proxy(reader.text(name, given), type + name);
  if (proxy)
    option = *std::move(proxy);
  else
    reader.refuse(invalid(std::move(proxy).error()));
}

namespace {

template <class T>
void read_array(Reader& reader, const char* name, const T* given, std::size_t count,
                std::vector<T>& option) {
  if (given == nullptr && count > 0)
    return reader.refuse(name, "null with a count of " + std::to_string(count), "null of none");
  option.assign(given, given + count);
}

void read_limits(Reader& reader, const hr_options& given, Options& options) {
  const auto number = [&](const char* name, std::int64_t value, auto& option) {
    reader.number(name, value, option);
  };
  number("loops", given.loops, options.loops);
  number("connections_max", given.connections_max, options.connections_max);
  number("connections_total_max", given.connections_total_max, options.connections_total_max);
  number("pipeline_depth", given.pipeline_depth, options.pipeline_depth);
  number("attempts_max", given.attempts_max, options.attempts_max);
  number("connect_attempts", given.connect_attempts, options.connect_attempts);
  number("connection_requests_max", given.connection_requests_max, options.connection_requests_max);
  number("in_flight_max", given.in_flight_max, options.in_flight_max);
  number("queue_requests_max", given.queue_requests_max, options.queue_requests_max);
  number("queue_bytes_max", given.queue_bytes_max, options.queue_bytes_max);
  number("head_bytes_max", given.head_bytes_max, options.head_bytes_max);
  number("head_fields_max", given.head_fields_max, options.head_fields_max);
  number("body_bytes_max", given.body_bytes_max, options.body_bytes_max);
  number("informational_max", given.informational_max, options.informational_max);
}

void read_times(Reader& reader, const hr_options& given, Options& options) {
  const auto time = [&](const char* name, std::int64_t value, std::chrono::milliseconds& option) {
    reader.number(name, value, option);
  };
  time("retry_pause_ms", given.retry_pause_ms, options.retry_pause);
  time("retry_pause_max_ms", given.retry_pause_max_ms, options.retry_pause_max);
  time("timeout_ms", given.timeout_ms, options.timeout);
  time("connect_timeout_ms", given.connect_timeout_ms, options.connect_timeout);
  time("tls_timeout_ms", given.tls_timeout_ms, options.tls_timeout);
  time("write_timeout_ms", given.write_timeout_ms, options.write_timeout);
  time("first_byte_timeout_ms", given.first_byte_timeout_ms, options.first_byte_timeout);
  time("body_timeout_ms", given.body_timeout_ms, options.body_timeout);
  time("hang_timeout_ms", given.hang_timeout_ms, options.hang_timeout);
  time("idle_timeout_ms", given.idle_timeout_ms, options.idle_timeout);
  time("connection_lifetime_ms", given.connection_lifetime_ms, options.connection_lifetime);
}

}  // namespace

Result<Options> options_of(const hr_options* given) {
  std::optional<Error> refusal;
  const auto read = read_struct("hr_options", given, refusal);
  if (refusal) return std::unexpected(*std::move(refusal));

  Reader reader("hr_options.");
  Options options;
  options.base_url = reader.text("base_url", read.base_url);
  options.profiles = reader.text("profiles", read.profiles);
  options.pipeline_put_delete = reader.flag("pipeline_put_delete", read.pipeline_put_delete);
  read_pipelining(reader, read.pipelining, options.pipelining);
  read_array(reader, "retry_statuses", read.retry_statuses, read.retry_statuses_count,
             options.retry_statuses);
  read_rate(reader, read.requests_per_second, options.requests_per_second);
  read_limits(reader, read, options);
  read_times(reader, read, options);
  read_proxy(reader, "hr_options.", "http_proxy", read.http_proxy, options.http_proxy);
  read_proxy(reader, "hr_options.", "https_proxy", read.https_proxy, options.https_proxy);
  options.no_proxy = reader.text("no_proxy", read.no_proxy);
  options.unix_socket = reader.text("unix_socket", read.unix_socket);
  options.tls = tls_options_of(read.tls, reader);
  options.origins = origins_of(read, reader);
  options.host_addresses = host_addresses_of(read, reader);
  if (read.log != nullptr)
    options.log = [log = read.log, context = read.log_context](LogLevel level,
                                                               std::string_view line) {
      log(context, static_cast<hr_log_level>(level), std::string(line).c_str());
    };
  if (auto wrong = reader.take_refusal()) return std::unexpected(*std::move(wrong));
  return options;
}

}  // namespace headrace::c
