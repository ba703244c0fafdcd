#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "headrace/client/auth.hpp"
#include "headrace/client/decoder.hpp"
#include "headrace/headers.hpp"
#include "headrace/options.hpp"

namespace headrace {

/// What a Client does above its engine.
struct ClientOptions {
  /// Joined before a request's url that begins with "/".
  std::string base_url = {};

  /// Added to each request that has no line of that name itself. Credentials among them go to the
  /// origin of `base_url` only; without a base_url, to the origin that the request names.
  Headers headers = {};
  /// Names of fields that are credentials besides Authorization, Cookie and Proxy-Authorization:
  /// no redirect carries them to another origin. {"X-Auth-Token"} for instance.
  std::vector<std::string> sensitive_headers = {};
  /// Credentials, by origin. A request's own Authorization goes before them.
  std::vector<OriginAuth> auth = {};

  /// How many redirects one request follows; 0: none (Go 10, httpx 20).
  unsigned redirects_max = 10;
  /// Follow redirects from https to http, too.
  bool redirects_to_http = false;

  /// Ask for content codings and take them off, on the loop's thread. Off, nothing is asked for and
  /// bodies are as they came. Parts of bodies (Range, 206) are as they came, too.
  bool decode = true;
  DecodeLimits decode_limits = {};

  /// Keep the cookies that origins set, and send them back (RFC 6265).
  bool cookies = false;
  /// Of all origins together; over it the cookie goes that was unused for longest (RFC 6265 §6.1).
  std::size_t cookies_max = 3000;
  /// Of one origin.
  std::size_t cookies_per_origin_max = 50;
  /// Names, values and paths of all cookies.
  std::size_t cookie_bytes_max = std::size_t{1} << 20U;

  /// From submit to the last byte of the last answer, for requests that don't say; 0: no limit.
  /// Stands for `Options::timeout`.
  std::chrono::milliseconds timeout{300'000};

  /// The engine's, where the client has one of its own. `retry_statuses` asks again after answers.
  /// Its base_url stays empty.
  Options engine = {};
};

}  // namespace headrace
