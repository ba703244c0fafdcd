#include "bench/common/arguments.hpp"

#include <charconv>
#include <stdexcept>

namespace headrace::bench {
namespace {

constexpr std::string_view usage =
    "usage: CLIENT --url http(s)://ADDRESS:PORT/bytes/SIZE --connections C --depth D --requests N\n"
    "              [--warm-up W] [--ca FILE] [--mode pipeline|serial] [--variant NAME]";

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(why + "\n" + std::string(usage));
}

bool parse_mode(std::string_view mode) {
  if (mode != "serial" && mode != "pipeline")
    refuse("--mode is pipeline or serial, not '" + std::string(mode) + "'");
  return mode == "serial";
}

void take(Arguments& arguments, std::string_view option, std::string_view value) {
  if (option == "--url") {
    arguments.target = parse_target(value);
  } else if (option == "--connections") {
    arguments.connections = static_cast<unsigned>(parse_number(option, value));
  } else if (option == "--depth") {
    arguments.depth = static_cast<unsigned>(parse_number(option, value));
  } else if (option == "--requests") {
    arguments.requests = parse_number(option, value);
  } else if (option == "--warm-up") {
    arguments.warm_up = parse_number(option, value);
  } else if (option == "--ca") {
    arguments.ca_file = value;
  } else if (option == "--mode") {
    arguments.serial = parse_mode(value);
  } else if (option == "--variant") {
    arguments.variant = value;
  } else {
    refuse("there is no option " + std::string(option));
  }
}

}  // namespace

std::string Target::host_and_port() const { return host + ":" + std::to_string(port); }

std::string Target::origin() const { return (https ? "https://" : "http://") + host_and_port(); }

std::size_t parse_number(std::string_view option, std::string_view text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end)
    refuse(std::string(option) + " takes a whole number, not '" + std::string(text) + "'");
  return number;
}

Target parse_target(std::string_view url) {
  Target target{.url = std::string(url)};
  target.https = url.starts_with("https://");
  if (!target.https && !url.starts_with("http://")) refuse("--url begins with http:// or https://");
  url.remove_prefix(target.https ? 8 : 7);
  const std::size_t colon = url.find(':');
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos || colon > slash) refuse("--url has a port and a path");
  target.host = url.substr(0, colon);
  target.port = static_cast<std::uint16_t>(
      parse_number("--url's port", url.substr(colon + 1, slash - colon - 1)));
  target.path = url.substr(slash);
  constexpr std::string_view bytes = "/bytes/";
  if (target.path.starts_with(bytes))
    target.body_bytes = parse_number("--url's size", target.path.substr(bytes.size()));
  return target;
}

Arguments parse_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) refuse(std::string(values[i]) + " needs a value");
    take(arguments, values[i], values[i + 1]);
  }
  if (arguments.target.url.empty()) refuse("--url is needed");
  if (arguments.connections == 0 || arguments.depth == 0 || arguments.requests == 0)
    refuse("--connections, --depth and --requests are at least 1");
  return arguments;
}

}  // namespace headrace::bench
