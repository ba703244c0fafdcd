#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "engine/base/instant.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::api {

// Every number in its range and every entry of `origins` an origin, or an `invalid_argument` that
// names the option, its value and what is allowed. Other texts (base_url, the CA file, profiles)
// are checked where they are read.
Result<void> check_options(const Options& options);

// A time limit of the public face as one of the core: zero means none, and one so long that adding
// it to an instant could overflow is cut to a century. Negative ones must have been refused.
std::optional<Duration> limit_of(std::chrono::milliseconds limit) noexcept;

// The same options with each time limit cut to a century.
Options within_a_century(Options options) noexcept;

}  // namespace headrace::api
