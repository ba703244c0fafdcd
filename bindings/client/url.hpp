#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace headrace::client {

// RFC 6454: where credentials belong.
struct Origin {
  bool tls = false;
  std::string host;  // in lower case; an IPv6 address in brackets
  std::uint16_t port = 0;

  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Url {
  Origin origin;
  std::string path;      // begins with "/"
  std::string query;     // with its "?", or empty
  std::string fragment;  // with its "#", or empty
};

std::string to_string(const Origin& origin);  // "https://cloud.example:8443"
std::string to_string(const Url& url);

// Reads an absolute http or https URL. It is at least as strict as the engine about the authority,
// so that the two never see different hosts in it. Errors are sentences that repeat nothing of it.
std::expected<Url, std::string_view> parse_url(std::string_view text);

// What a reference means, read at that URL (RFC 3986 §5.2). Bytes that no URL may have but servers
// send, spaces and non-ASCII ones, are percent-encoded.
std::expected<Url, std::string_view> resolve(const Url& base, std::string_view reference);

}  // namespace headrace::client
