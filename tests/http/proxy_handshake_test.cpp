// What is said to proxies and what of their answers is believed, as transcripts.

#include "engine/http/proxy_handshake.hpp"

#include "engine/http/site.hpp"
#include "tests/support/catch.hpp"

namespace headrace::http {
namespace {

using namespace std::string_literals;

// One handshake, answered in one piece and byte by byte.
struct Talk {
  Talk(const Proxy& proxy, const Origin& origin)
      : server(*read_proxy(proxy, "option")),
        handshake(handshake_with(*server, origin, origin.host)) {
    Bytes nothing;
    std::string said;
    REQUIRE(handshake->advance(nothing, said) == false);
    first = said;
  }

  // What follows an answer: what is said, "open" with what is left, or the error.
  std::string hear(std::string_view answer) {
    std::string said;
    Bytes rest = answer;
    const auto open = handshake->advance(rest, said);
    if (!open) {
      last = open.error();
      return std::string(name_of(open.error().code)) + ": " + open.error().detail;
    }
    return *open ? "open " + std::string(rest) : said;
  }
  std::string hear_slowly(std::string_view answer) {
    std::string all;
    for (std::size_t i = 0; i < answer.size(); ++i) all += hear(answer.substr(i, 1));
    return all;
  }

  std::shared_ptr<const ProxyServer> server;
  std::unique_ptr<ProxyHandshake> handshake;
  std::string first;
  Error last;
};

const Origin origin{.tls = true, .host = "cloud.example", .port = 443};
const Proxy http_proxy{.url = "http://p:3128"};
const Proxy http_known{.url = "http://p:3128", .user = "me", .password = "secret"};
const Proxy socks{.url = "socks5h://p"};
const Proxy socks_known{.url = "socks5h://p", .user = "me", .password = "secret"};

TEST_CASE("CONNECT names host and port, and nothing of the request") {
  const std::string agent(user_agent_line);
  CHECK(Talk(http_proxy, origin).first ==
        "CONNECT cloud.example:443 HTTP/1.1\r\nHost: cloud.example:443\r\n" + agent + "\r\n");
  CHECK(Talk(http_known, {.tls = true, .host = "::1", .port = 8443}).first ==
        "CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n" + agent +
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
  CHECK(handshake_with(*Talk(http_proxy, origin).server,
                       {.tls = false, .host = "cloud.example", .port = 80}, "") == nullptr);
}

TEST_CASE("any 2xx to CONNECT opens the tunnel; what follows its head is the origin's") {
  const std::string answer = GENERATE(
      "HTTP/1.1 200 Connection established\r\n\r\n"s, "HTTP/1.0 200 OK\r\nProxy-agent: x\r\n\r\n"s,
      "HTTP/1.1 299 \r\nContent-Length: 5\r\n\r\n"s,
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"s);
  CHECK(Talk(http_proxy, origin).hear(answer) == "open ");
  CHECK(Talk(http_proxy, origin).hear(answer + "\x16\x03junk") == "open \x16\x03junk");
  CHECK(Talk(http_proxy, origin).hear_slowly(answer) == "open ");
}

TEST_CASE("a refused CONNECT says its status and what to do") {
  const auto refusal = [](const Proxy& proxy, const std::string& line) {
    return Talk(proxy, origin).hear("HTTP/1.1 " + line + "\r\nContent-Length: 9\r\n\r\nsome body");
  };
  CHECK(refusal(http_proxy, "407 Proxy Authentication Required") ==
        "proxy_failed: the proxy http://p:3128 answered CONNECT with 407 \"Proxy Authentication "
        "Required\": it wants a user and a password");
  CHECK(refusal(http_known, "407 No") ==
        "proxy_failed: the proxy http://p:3128 answered CONNECT with 407 \"No\": it does not "
        "accept the user and password");
  CHECK(refusal(http_proxy, "403 ") ==
        "proxy_failed: the proxy http://p:3128 answered CONNECT with 403");
  CHECK(refusal(http_proxy, "302 Found").starts_with("proxy_failed: "));
  CHECK(refusal(http_proxy, "501 No").starts_with("proxy_failed: "));
  for (const char* status : {"502 ", "503 Service Unavailable", "504 "})
    CHECK(refusal(http_proxy, status).starts_with("connect_failed: "));
}

TEST_CASE("an answer to CONNECT is bounded, and has to be one") {
  const std::string line = "HTTP/1.1 200 OK\r\n";
  const auto answer = [](const std::string& bytes) { return Talk(http_proxy, origin).hear(bytes); };
  CHECK(answer("SSH-2.0-x\r\n")
            .starts_with("proxy_failed: the proxy http://p:3128 answered "
                         "CONNECT with what is no response"));
  CHECK(answer(line + "X: " + std::string(100'000, 'x')).starts_with("proxy_failed: "));
  std::string fields;
  for (int i = 0; i < 300; ++i) fields += "X: y\r\n";
  CHECK(answer(line + fields).starts_with("proxy_failed: "));
  std::string continued;
  for (int i = 0; i < 40; ++i) continued += "HTTP/1.1 100 \r\n\r\n";
  CHECK(answer(continued).starts_with("proxy_failed: "));
}

TEST_CASE("SOCKS5 without credentials, by name and by address") {
  Talk named(socks, origin);
  CHECK(named.first == "\x05\x01\x00"s);
  CHECK(named.hear("\x05\x00"s) ==
        "\x05\x01\x00\x03\x0d"
        "cloud.example"
        "\x01\xbb"s);
  CHECK(named.hear("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34more"s) == "open more");

  Talk v4(socks, {.tls = false, .host = "10.0.0.1", .port = 80});
  CHECK(v4.hear("\x05\x00"s) == "\x05\x01\x00\x01\x0a\x00\x00\x01\x00\x50"s);
  CHECK(v4.hear("\x05\x00\x00\x03\x02hi\x12\x34"s) == "open ");

  Talk v6(socks, {.tls = false, .host = "::1", .port = 80});
  CHECK(v6.hear("\x05\x00"s) == "\x05\x01\x00\x04"s + std::string(15, '\0') + "\x01\x00\x50"s);
  CHECK(v6.hear("\x05\x00\x00\x04"s + std::string(16, '\0') + "\x12\x34x") == "open x");
}

TEST_CASE("SOCKS5 with credentials: said when asked for, and only then") {
  Talk asked(socks_known, origin);
  CHECK(asked.first == "\x05\x02\x00\x02"s);
  CHECK(asked.hear("\x05\x02"s) == "\x01\x02me\x06secret"s);
  CHECK(asked.hear("\x01\x00"s).starts_with("\x05\x01\x00\x03"s));

  Talk spared(socks_known, origin);
  CHECK(spared.hear("\x05\x00"s).starts_with("\x05\x01\x00\x03"s));

  Talk refused(socks_known, origin);
  refused.hear("\x05\x02"s);
  CHECK(refused.hear("\x01\x01"s) ==
        "proxy_failed: the proxy socks5h://p:1080 does not accept the user and password");
}

TEST_CASE("SOCKS5 answers may come in any pieces") {
  Talk talk(socks_known, origin);
  CHECK(talk.hear_slowly("\x05\x02"s) == "\x01\x02me\x06secret"s);
  CHECK(talk.hear_slowly("\x01\x00"s).starts_with("\x05\x01\x00\x03"s));
  CHECK(talk.hear_slowly("\x05\x00\x00\x03\x02hi\x12\x34"s) == "open ");
}

TEST_CASE("a SOCKS refusal says which, and whether it is the origin that cannot be had") {
  const auto reply = [](char code) {
    Talk talk(socks, origin);
    talk.hear("\x05\x00"s);
    return talk.hear("\x05"s + code);
  };
  CHECK(reply(1).starts_with("connect_failed: "));
  CHECK(reply(2) ==
        "proxy_failed: the proxy socks5h://p:1080 cannot connect to the origin: SOCKS reply 2, "
        "not allowed by its rules");
  CHECK(reply(5) ==
        "connect_failed: the proxy socks5h://p:1080 cannot connect to the origin: SOCKS reply 5, "
        "connection refused");
  CHECK(reply('\xfe').starts_with("proxy_failed: "));
}

TEST_CASE("what is not SOCKS5 is refused") {
  const auto greeting = [](const Proxy& proxy, const std::string& bytes) {
    return Talk(proxy, origin).hear(bytes);
  };
  CHECK(greeting(socks, "HTTP/1.1 400 Bad Request").contains("does not speak SOCKS 5"));
  CHECK(greeting(socks, "\x05\xff").contains("wants a user and a password"));
  CHECK(greeting(socks_known, "\x05\xff").contains("accepts neither"));
  CHECK(greeting(socks, "\x05\x02").contains("that was not offered"));
  Talk odd(socks, origin);
  odd.hear("\x05\x00"s);
  CHECK(odd.hear("\x05\x00\x00\x02\x00"s).contains("of a kind that there is not"));
  Talk early(socks, origin);  // an answer to what was not asked yet
  early.hear("\x05\x00"s);
  CHECK(early.hear("\x04\x00\x00\x01\x00"s).contains("does not speak SOCKS 5"));
}

}  // namespace
}  // namespace headrace::http
