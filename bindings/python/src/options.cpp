#include "options.hpp"

#include "bindings/common/environment_proxies.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "log.hpp"

namespace headrace::python {
namespace nb = nanobind;
namespace {

void set(std::string& option, nb::handle value) { option = nb::cast<std::string>(value); }
void set(unsigned& option, nb::handle value) { option = nb::cast<unsigned>(value); }
void set(std::size_t& option, nb::handle value) { option = nb::cast<std::size_t>(value); }
void set(double& option, nb::handle value) { option = nb::cast<double>(value); }
void set(bool& option, nb::handle value) { option = nb::cast<bool>(value); }
void set(std::vector<int>& option, nb::handle value) { option = nb::cast<std::vector<int>>(value); }
void set(std::chrono::milliseconds& option, nb::handle value) {
  option = std::chrono::milliseconds(std::llround(nb::cast<double>(value) * 1000));
}
void set(Pipelining& option, nb::handle value) {
  const auto name = nb::cast<std::string>(value);
  if (name == "off")
    option = Pipelining::off;
  else if (name == "fixed")
    option = Pipelining::fixed;
  else if (name == "learned")
    option = Pipelining::learned;
  else
    throw nb::value_error("pipelining is \"off\", \"fixed\" or \"learned\"");
}

bool read_port(std::string_view digits, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port > 0;
}

void set(Insecure& option, nb::handle value) {
  const auto name = nb::cast<std::string>(value);
  if (name == "no")
    option = Insecure::no;
  else if (name == "any_name")
    option = Insecure::any_name;
  else if (name == "anything")
    option = Insecure::anything;
  else
    throw nb::value_error("insecure is \"no\", \"any_name\" or \"anything\"");
}

// For all origins; "" is none, whatever the environment says.
void set_proxy(Options& options, nb::handle value) {
  auto proxy = parse_proxy(nb::cast<std::string>(value), "proxy");
  if (!proxy) throw nb::value_error(proxy.error().c_str());
  options.http_proxy = options.https_proxy = *std::move(proxy);
}

// "host", "host:port", "[::1]:port" or "::1", each with its addresses.
void set(std::vector<HostAddresses>& option, nb::handle value) {
  for (const auto& [where, addresses] : nb::cast<nb::dict>(value)) {
    const auto text = nb::cast<std::string>(where);
    const std::size_t colon = text.rfind(':');
    const bool with_port = colon != std::string::npos &&
                           (text.find(':') == colon || (colon > 0 && text[colon - 1] == ']'));
    HostAddresses entry{.host = text.substr(0, with_port ? colon : text.size())};
    if (with_port && !read_port(text.substr(colon + 1), entry.port))
      throw nb::value_error(("host_addresses: " + text + " has no port").c_str());
    if (entry.host.starts_with('[') && entry.host.ends_with(']'))
      entry.host = entry.host.substr(1, entry.host.size() - 2);
    entry.addresses = nb::cast<std::vector<std::string>>(addresses);
    option.push_back(std::move(entry));
  }
}

// The caller holds the GIL, under which Python changes the environment.
void read_environment(Options& options, const nb::dict& given) {
  const auto variable = [](const char* name) { return std::getenv(name); };
  if (!given.contains("no_proxy")) options.no_proxy = read_no_proxy(variable);
  if (given.contains("proxy")) return;
  if (const auto read = read_proxies(variable, options); !read)
    throw nb::value_error(read.error().c_str());
}

// True when the name is this option's.
#define HEADRACE_OPTION(name, option) \
  if (key == name) return set(option, value), true

bool set_option(Options& options, std::string_view key, nb::handle value) {
  HEADRACE_OPTION("base_url", options.base_url);
  HEADRACE_OPTION("loops", options.loops);
  HEADRACE_OPTION("connections_max", options.connections_max);
  HEADRACE_OPTION("connections_total_max", options.connections_total_max);
  HEADRACE_OPTION("pipelining", options.pipelining);
  HEADRACE_OPTION("pipeline_depth", options.pipeline_depth);
  HEADRACE_OPTION("pipeline_put_delete", options.pipeline_put_delete);
  HEADRACE_OPTION("attempts_max", options.attempts_max);
  HEADRACE_OPTION("retry_statuses", options.retry_statuses);
  HEADRACE_OPTION("retry_pause", options.retry_pause);
  HEADRACE_OPTION("retry_pause_max", options.retry_pause_max);
  HEADRACE_OPTION("connect_attempts", options.connect_attempts);
  HEADRACE_OPTION("timeout", options.timeout);
  HEADRACE_OPTION("connect_timeout", options.connect_timeout);
  HEADRACE_OPTION("tls_timeout", options.tls_timeout);
  HEADRACE_OPTION("write_timeout", options.write_timeout);
  HEADRACE_OPTION("first_byte_timeout", options.first_byte_timeout);
  HEADRACE_OPTION("body_timeout", options.body_timeout);
  HEADRACE_OPTION("hang_timeout", options.hang_timeout);
  HEADRACE_OPTION("idle_timeout", options.idle_timeout);
  HEADRACE_OPTION("connection_lifetime", options.connection_lifetime);
  HEADRACE_OPTION("connection_requests_max", options.connection_requests_max);
  HEADRACE_OPTION("requests_per_second", options.requests_per_second);
  HEADRACE_OPTION("in_flight_max", options.in_flight_max);
  HEADRACE_OPTION("queue_requests_max", options.queue_requests_max);
  HEADRACE_OPTION("queue_bytes_max", options.queue_bytes_max);
  HEADRACE_OPTION("head_bytes_max", options.head_bytes_max);
  HEADRACE_OPTION("head_fields_max", options.head_fields_max);
  HEADRACE_OPTION("body_bytes_max", options.body_bytes_max);
  HEADRACE_OPTION("informational_max", options.informational_max);
  HEADRACE_OPTION("ca_file", options.tls.ca_file);
  HEADRACE_OPTION("ca_directory", options.tls.ca_directory);
  HEADRACE_OPTION("ca_pem", options.tls.ca_pem);
  HEADRACE_OPTION("crl_file", options.tls.crl_file);
  HEADRACE_OPTION("certificate_file", options.tls.certificate_file);
  HEADRACE_OPTION("key_file", options.tls.key_file);
  HEADRACE_OPTION("ciphers", options.tls.ciphers);
  HEADRACE_OPTION("ciphersuites", options.tls.ciphersuites);
  HEADRACE_OPTION("key_log_file", options.tls.key_log_file);
  HEADRACE_OPTION("insecure", options.tls.insecure);
  HEADRACE_OPTION("profiles", options.profiles);
  HEADRACE_OPTION("no_proxy", options.no_proxy);
  HEADRACE_OPTION("unix_socket", options.unix_socket);
  HEADRACE_OPTION("host_addresses", options.host_addresses);
  if (key == "log") return options.log = log_to(value), true;
  if (key == "proxy") return set_proxy(options, value), true;
  if (key == "trust_env") return true;  // looked at when all others are known
  return false;
}

#undef HEADRACE_OPTION

}  // namespace

Options options_of(const nb::dict& given) {
  Options options;
  for (const auto& [key, value] : given) {
    const auto name = nb::cast<std::string>(key);
    bool known = false;
    try {
      known = set_option(options, name, value);
    } catch (const nb::cast_error&) {
      throw nb::type_error(("option " + name + " has a value of the wrong type").c_str());
    }
    if (!known) throw nb::type_error(("there is no option " + name).c_str());
  }
  if (given.contains("trust_env") && nb::cast<bool>(given["trust_env"]))
    read_environment(options, given);
  return options;
}

}  // namespace headrace::python
