#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/proxy_handshake.hpp"
#include "fuzz/require.hpp"

// Any answers of a proxy: the same comes of them in one piece and byte by byte, and what is said
// is bounded, and never said twice.
//
// Input: a byte that chooses the proxy, then its answers.

using namespace headrace;
using namespace headrace::http;
using headrace::fuzz::require;

namespace {

struct Outcome {
  bool open = false;
  std::string error;
  std::string said;
  std::string left;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome run(const ProxyServer& proxy, std::string_view answers, std::size_t piece) {
  const Origin origin{.tls = true, .host = "cloud.example", .port = 443};
  const auto handshake = handshake_with(proxy, origin, origin.host);
  Outcome outcome;
  Bytes received;
  for (;;) {
    std::string to_say;
    const Result<bool> open = handshake->advance(received, to_say);
    outcome.said += to_say;
    require(outcome.said.size() < 1024, "little to say");
    if (!open) {
      outcome.error = to_string(open.error());
      return outcome;
    }
    if (*open) {
      outcome.open = true;
      outcome.left = std::string(received).append(answers);
      return outcome;
    }
    require(received.empty(), "nothing left over while more has to come");
    if (answers.empty()) return outcome;
    received = answers.substr(0, piece);
    answers.remove_prefix(received.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Proxy given{.url = (data[0] & 1U) != 0 ? "http://p" : "socks5h://p"};
  if ((data[0] & 2U) != 0) {
    given.user = "me";
    given.password = "secret";
  }
  const auto proxy = read_proxy(given, "option");
  require(proxy.has_value(), "a good proxy");
  const std::string_view answers(reinterpret_cast<const char*>(data) + 1, size - 1);
  Outcome whole = run(**proxy, answers, answers.size() + 1);
  Outcome bytewise = run(**proxy, answers, 1);
  require(answers.contains("secret") || !whole.error.contains("secret"), "no secret in an error");
  // How much of a wrong line is quoted depends on how much of it had come.
  require(whole.error.empty() == bytewise.error.empty(), "the same verdict in any pieces");
  whole.error.clear();
  bytewise.error.clear();
  require(whole == bytewise, "the same in any pieces");
  return 0;
}
