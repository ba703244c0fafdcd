// The small pieces of engine/io.

#include <fcntl.h>
#include <netdb.h>
#include <unistd.h>
#include <uv.h>

#include <cerrno>
#include <csignal>

#include "engine/base/limits.hpp"
#include "engine/io/address.hpp"
#include "engine/io/sigpipe.hpp"
#include "tests/support/catch.hpp"

namespace headrace::io {
namespace {

TEST_CASE("IP literals need no resolver, names do") {
  CHECK(to_string(literal_address("127.0.0.1", 80).value()) == "127.0.0.1:80");
  CHECK(to_string(literal_address("::1", 8443).value()) == "[::1]:8443");
  CHECK(to_string(literal_address("0:0::ffff:1.2.3.4", 1).value()) == "[::ffff:1.2.3.4]:1");
  for (const char* name : {"localhost", "127.1", "1.2.3.4.5", "1.2.3", "[::1]", "0x7f.0.0.1", ""}) {
    INFO(name);
    CHECK_FALSE(literal_address(name, 80));
  }
}

TEST_CASE("of a resolver's answer the IP addresses are taken, in order, up to the limit") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr.s6_addr[15] = 1;
  sockaddr other{};
  other.sa_family = AF_UNIX;

  addrinfo third{};
  third.ai_family = AF_INET;
  third.ai_addr = reinterpret_cast<sockaddr*>(&v4);
  third.ai_addrlen = sizeof v4;
  addrinfo second = third;
  second.ai_family = AF_UNIX;
  second.ai_addr = &other;
  second.ai_addrlen = sizeof other;
  second.ai_next = &third;
  addrinfo first = third;
  first.ai_family = AF_INET6;
  first.ai_addr = reinterpret_cast<sockaddr*>(&v6);
  first.ai_addrlen = sizeof v6;
  first.ai_next = &second;

  const auto found = with_port(addresses_in(&first), 443);
  REQUIRE(found.size() == 2);
  CHECK(to_string(found[0]) == "[::1]:443");
  CHECK(to_string(found[1]) == "127.0.0.1:443");
  CHECK(addresses_in(nullptr).empty());

  std::vector<addrinfo> many(100, third);
  for (std::size_t i = 0; i + 1 < many.size(); ++i) many[i].ai_next = &many[i + 1];
  CHECK(addresses_in(many.data()).size() == limits::addresses_per_name_max);
}

TEST_CASE("S31: the address families take turns, the resolver's first one first") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  std::vector<addrinfo> answer(40);
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const bool is_v6 = i < 38;  // so many that without turns no v4 would be tried
    answer[i].ai_family = is_v6 ? AF_INET6 : AF_INET;
    answer[i].ai_addr = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    answer[i].ai_addrlen = is_v6 ? sizeof v6 : sizeof v4;
    if (i + 1 < answer.size()) answer[i].ai_next = &answer[i + 1];
  }
  const auto found = addresses_in(answer.data());
  REQUIRE(found.size() == limits::addresses_per_name_max);
  std::string families;
  for (const Address& address : found)
    families += address.storage.ss_family == AF_INET6 ? '6' : '4';
  CHECK(families == "6464666666666666");
}

TEST_CASE("the system's codes have a text and a name, unknown ones too") {
  CHECK(system_text(UV_ECONNREFUSED) == "connection refused (ECONNREFUSED)");
  CHECK(system_text(-99999).find("99999") != std::string::npos);
}

TEST_CASE("while SIGPIPE is blocked a write to a closed pipe fails, and nothing is left of it") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  close(ends[0]);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, nullptr, &before);
  {
    const SigpipeBlocked blocked;
    CHECK(write(ends[1], "x", 1) == -1);  // without the block this ends the program
    CHECK(errno == EPIPE);
  }
  sigset_t pending;
  sigset_t after;
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, nullptr, &after);
  CHECK(sigismember(&pending, SIGPIPE) == 0);
  CHECK(sigismember(&before, SIGPIPE) == sigismember(&after, SIGPIPE));
  close(ends[1]);
}

}  // namespace
}  // namespace headrace::io
