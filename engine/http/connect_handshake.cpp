#include "engine/http/connect_handshake.hpp"

#include <utility>

#include "engine/http/basic_credentials.hpp"
#include "engine/http/quoted.hpp"
#include "engine/http/site.hpp"

namespace headrace::http {
namespace {

// Of the head; no body is ever read.
constexpr ResponseReader::Limits answer_limits{.head_bytes_max = std::size_t{64} * 1024,
                                               .head_fields_max = 256,
                                               .body_bytes_max = 0,
                                               .informational_max = 32};

// The port always, unlike in a Host field.
std::string authority(const Origin& origin) {
  const std::string text = to_string(origin);
  return text.substr(text.find("//") + 2);
}

// The proxy may be, but the origin is not: another dial may fare better.
bool is_of_the_origin(int status) { return status >= 502 && status <= 504; }

}  // namespace

ConnectHandshake::ConnectHandshake(const ProxyServer& proxy, const Origin& origin)
    : proxy_(proxy), reader_(answer_limits) {
  const std::string to = authority(origin);
  request_ = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
  request_.append(user_agent_line);
  if (proxy.has_credentials())
    request_ += "Proxy-Authorization: " + basic_credentials(proxy.user, proxy.password) + "\r\n";
  request_ += "\r\n";
  reader_.expect({.head = true});
}

Result<bool> ConnectHandshake::advance(Bytes& received, std::string& to_say) {
  to_say = std::exchange(request_, {});
  while (!received.empty()) {
    const ResponseEvent event = reader_.next(received);
    switch (event.kind) {
      case ResponseEvent::Kind::head: {
        const int status = reader_.head().status;
        if (status >= 200 && status <= 299) return true;
        return std::unexpected(refusal(reader_.head()));
      }
      case ResponseEvent::Kind::failed:
        return std::unexpected(
            proxy_error(ErrorCode::proxy_failed, proxy_,
                        "answered CONNECT with what is no response: " + reader_.error().detail));
      case ResponseEvent::Kind::need_more:
      case ResponseEvent::Kind::informational:
      case ResponseEvent::Kind::body:
      case ResponseEvent::Kind::end:
        break;
    }
  }
  return false;
}

Error ConnectHandshake::refusal(const ResponseHead& head) const {
  const auto code =
      is_of_the_origin(head.status) ? ErrorCode::connect_failed : ErrorCode::proxy_failed;
  std::string what = "answered CONNECT with " + std::to_string(head.status);
  if (!head.reason.empty()) what += " " + quoted(head.reason);
  if (head.status == 407)
    what += proxy_.has_credentials() ? ": it does not accept the user and password"
                                     : ": it wants a user and a password";
  return proxy_error(code, proxy_, what);
}

}  // namespace headrace::http
