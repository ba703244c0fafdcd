#include "bench/origin/options.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/common/arguments.hpp"

namespace headrace::bench {
namespace {

constexpr std::string_view usage =
    "usage: origin [--https] [--delay-us D] [--delay-ms D] [--serial] [--stuck]\n"
    "              [--no-tickets] [--together N] [--machines M] [--document-bytes N]";

bool take_switch(OriginSettings& settings, std::string_view option) {
  if (option == "--https") return settings.https = true;
  if (option == "--serial") return settings.serial = true;
  if (option == "--stuck") return settings.stuck = true;
  if (option != "--no-tickets") return false;
  settings.tickets = false;
  return true;
}

void take(OriginSettings& settings, std::string_view option, std::size_t value) {
  if (option == "--delay-ms") {
    settings.delay = std::chrono::milliseconds(value);
  } else if (option == "--delay-us") {
    settings.delay = std::chrono::microseconds(value);
  } else if (option == "--together") {
    settings.together = value;
  } else if (option == "--machines") {
    settings.machines = value;
  } else if (option == "--document-bytes") {
    settings.document_bytes = value;
  } else {
    throw std::invalid_argument("there is no option " + std::string(option) + "\n" +
                                std::string(usage));
  }
}

}  // namespace

OriginSettings parse_origin_settings(int count, char** values) {
  OriginSettings settings;
  for (int i = 1; i < count; ++i) {
    if (take_switch(settings, values[i])) continue;
    if (i + 1 == count)
      throw std::invalid_argument(std::string(values[i]) + " is unknown or lacks its value\n" +
                                  std::string(usage));
    take(settings, values[i], parse_number(values[i], values[i + 1]));
    ++i;
  }
  return settings;
}

}  // namespace headrace::bench
