#include "engine/http/socks_handshake.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/http/ip_address.hpp"

namespace headrace::http {
namespace {

constexpr char version = 5;
constexpr char login_version = 1;
constexpr char no_login = 0;
constexpr char by_password = 2;
constexpr char no_way = '\xff';
constexpr char connect = 1;
constexpr char ipv4 = 1;
constexpr char name = 3;
constexpr char ipv6 = 4;

// With its length in front.
std::string counted(std::string_view text) {
  return std::string(1, static_cast<char>(text.size())).append(text);
}

// RFC 1928 §6, and whether it is the origin that cannot be had: then another dial may fare better.
struct Reply {
  std::string_view text;
  bool of_the_origin;
};
constexpr std::array<Reply, 9> replies = {{
    {"succeeded", false},
    {"general failure", true},
    {"not allowed by its rules", false},
    {"network unreachable", true},
    {"host unreachable", true},
    {"connection refused", true},
    {"TTL expired", true},
    {"command not supported", false},
    {"address type not supported", false},
}};

}  // namespace

Result<bool> SocksHandshake::advance(Bytes& received, std::string& to_say) {
  to_say.clear();
  if (state_ == State::begin) {
    to_say = {version, 1, no_login};
    if (proxy_.has_credentials()) to_say = {version, 2, no_login, by_password};
    state_ = State::greeting;
  }
  while (state_ != State::open) {
    if (!take(received, state_ == State::request ? reply_size() : 2)) return false;
    if (state_ == State::request && answer_.size() < reply_size()) continue;
    const Result<void> understood = state_ == State::greeting ? on_greeting(to_say)
                                    : state_ == State::login  ? on_login(to_say)
                                                              : on_reply();
    if (!understood) return std::unexpected(understood.error());
    answer_.clear();
  }
  return true;
}

// Fills the answer up to that size. False: there was too little.
bool SocksHandshake::take(Bytes& received, std::size_t size) {
  const std::size_t count = std::min(received.size(), size - answer_.size());
  answer_.append(received.substr(0, count));
  received.remove_prefix(count);
  return answer_.size() == size;
}

Result<void> SocksHandshake::on_greeting(std::string& to_say) {
  if (answer_[0] != version) return failed("does not speak SOCKS 5");
  if (answer_[1] == no_login) {
    state_ = State::request;
    to_say += request();
    return {};
  }
  if (answer_[1] == by_password && proxy_.has_credentials()) {
    state_ = State::login;
    to_say += login_version + counted(proxy_.user) + counted(proxy_.password);
    return {};
  }
  if (answer_[1] != no_way) return failed("chose a way to log in that was not offered");
  return failed(proxy_.has_credentials() ? "accepts neither a password nor doing without"
                                         : "wants a user and a password, or more than that");
}

Result<void> SocksHandshake::on_login(std::string& to_say) {
  if (answer_[1] != 0) return failed("does not accept the user and password");
  state_ = State::request;
  to_say += request();
  return {};
}

std::string SocksHandshake::request() const {
  std::string made = {version, connect, 0};
  if (const auto ip = parse_ip(destination_))
    made.append(1, ip->size == 4 ? ipv4 : ipv6).append(ip->view());
  else
    made.append(1, name).append(counted(destination_));
  return made.append({static_cast<char>(port_ >> 8U), static_cast<char>(port_ & 0xffU)});
}

// It grows as it is read: of the first four bytes the last says what address follows, a name's
// first byte how long it is. A refusal is known by the second byte, whatever follows.
std::size_t SocksHandshake::reply_size() const {
  if (answer_.size() < 2 || answer_[0] != version || answer_[1] != 0) return 2;
  if (answer_.size() < 5) return 5;
  const char kind = answer_[3];
  if (kind == ipv4) return 4 + 4 + 2;
  if (kind == ipv6) return 4 + 16 + 2;
  if (kind == name) return std::size_t{4} + 1 + static_cast<unsigned char>(answer_[4]) + 2;
  return 5;
}

Result<void> SocksHandshake::on_reply() {
  if (answer_[0] != version) return failed("does not speak SOCKS 5");
  const auto code = static_cast<unsigned char>(answer_[1]);
  if (code != 0) {
    const bool known = code < replies.size();
    const std::string what = "cannot connect to the origin: SOCKS reply " + std::to_string(code);
    return std::unexpected(proxy_error(
        known && replies[code].of_the_origin ? ErrorCode::connect_failed : ErrorCode::proxy_failed,
        proxy_, known ? what + ", " + std::string(replies[code].text) : what));
  }
  if (const char kind = answer_[3]; kind != ipv4 && kind != ipv6 && kind != name)
    return failed("answered with an address of a kind that there is not");
  state_ = State::open;
  return {};
}

std::unexpected<Error> SocksHandshake::failed(const std::string& what) const {
  return std::unexpected(proxy_error(ErrorCode::proxy_failed, proxy_, what));
}

}  // namespace headrace::http
