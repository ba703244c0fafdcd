#include "tests/misbehaving/raw_client.hpp"

#include "tests/support/loopback.hpp"

namespace headrace::test {
RawClient::RawClient(const sample::MisbehavingServer& server)
    : socket_(connected_to(server.port())) {}

void RawClient::ask(std::initializer_list<std::string_view> targets) {
  std::string bytes;
  for (const std::string_view target : targets)
    bytes.append("GET ").append(target).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
  socket_.send(bytes);
}

std::optional<std::string> RawClient::take_answer() {
  constexpr std::string_view field = "Content-Length: ";
  const std::size_t end = buffer_.find("\r\n\r\n");
  const std::size_t length = buffer_.find(field);
  if (length > end || end == std::string::npos) return std::nullopt;
  const std::size_t body = std::stoul(buffer_.substr(length + field.size()));
  if (buffer_.size() < end + 4 + body) return std::nullopt;
  std::string answer = buffer_.substr(9, 3) + " " + buffer_.substr(end + 4, body);
  buffer_.erase(0, end + 4 + body);
  return answer;
}

std::string RawClient::next() {
  try {
    while (true) {
      if (auto answer = take_answer()) return std::move(*answer);
      const std::string more = socket_.receive();
      if (more.empty()) return "closed";
      buffer_ += more;
    }
  } catch (const PeerGone&) {
    return "reset";
  }
}

std::string RawClient::rest() {
  while (true) {
    const std::string more = socket_.receive();
    if (more.empty()) return std::move(buffer_);
    buffer_ += more;
  }
}

}  // namespace headrace::test
