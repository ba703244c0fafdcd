#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/http/reading.hpp"

namespace headrace::http::test {

using namespace std::string_literals;

// A 200 with this field line or these lines, ended by CRLF each, and this body.
inline std::string ok(std::string_view lines, std::string_view body = "") {
  return "HTTP/1.1 200 OK\r\n" + std::string{lines} + "\r\n" + std::string{body};
}

inline const std::string hello = ok("Content-Length: 5\r\n", "hello");
inline const std::string chunked = "Transfer-Encoding: chunked\r\n";

// Streams without fault.
inline std::vector<Stream> good_streams() {
  const Expected head{.head = true};
  const Expected upgrade{.upgrade = true};
  return {
      {.bytes = ""},
      {.bytes = hello},
      {.bytes = hello + hello + hello},
      {.bytes = hello + "\r\n\r\n" + hello + "\r\n"},
      {.bytes = "\r\n" + hello + "\r"},
      {.bytes = ok("Content-Length: 0\r\n") + ok("Content-Length: 0\r\n")},
      {.bytes =
           "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"},
      {.bytes = "HTTP/1.1 200 O\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK OK\r\n"
                "Content-Length: 0\r\n\r\n" +
                hello},
      {.bytes = "HTTP/1.1 404 \xd1\x8f\t no\r\nX:\r\nX: \t v \t\r\nContent-Length:\t2\t\r\n\r\nab" +
                hello},
      {.bytes = ok(chunked, "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n") + hello},
      {.bytes = ok(chunked,
                   "1;a=b\r\nx\r\nA;q=\"v;\\\"w\";r\r\n0123456789\r\n00\r\nT: 1\r\nU:2 \r\n\r\n") +
                hello},
      {.bytes = ok("transfer-encoding:  Chunked \r\n", "0\r\n\r\n") + hello},
      {.bytes = ok(chunked,
                   "0\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\n"
                   "Connection: close\r\n\r\n") +
                hello},
      {.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
                hello + hello},
      {.bytes = "HTTP/1.1 102 P\r\nContent-Length: 3\r\n\r\n\r\nHTTP/1.1 199 "
                "x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                hello},
      {.bytes = ok("Content-Length: 500\r\n") + hello, .expected = {head}},
      {.bytes = ok(chunked) + ok("") + hello, .expected = {head, head}},
      {.bytes = "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n" + hello},
      {.bytes = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n" + hello},
      {.bytes = "HTTP/1.1 304 Not Modified\r\n" + chunked + "\r\n" + hello},
      {.bytes = "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
       .expected = {upgrade}},
      {.bytes = ok("Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 2\r\n", "ab") + hello},
      {.bytes = ok("", "until the end\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")},
      {.bytes = ok("")},
      {.bytes = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab"},
      {.bytes = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab" + hello},
      {.bytes = ok("Content-Length: 2\r\nConnection: close\r\n", "ab") + "\r\n"},
      {.bytes = ok("Content-Length: 5, 5\r\nContent-Length: 05\r\n", "hello") + hello},
      {.bytes = ok("Content-Length: 5\r\n", "hel"), .ending = Ending::open},
  };
}

// Streams with a fault each, mostly behind a sound response.
inline std::vector<Stream> bad_streams() {
  std::vector<Stream> streams;
  for (const std::string& bytes : {
           "HTTP/2.0 200 OK\r\n\r\n"s,
           "HTTP/1.2 200 OK\r\n\r\n"s,
           "HTTP/0.9 200 OK\r\n\r\n"s,
           "RTSP/1.0 200 OK\r\n\r\n"s,
           "ICE/1.0 200 OK\r\n\r\n"s,
           "<html>"s,
           "\x16\x03\x01"s,
           "http/1.1 200 OK\r\n\r\n"s,
           "HTTP/1.1  200 OK\r\n\r\n"s,
           "HTTP/1.1 2 OK\r\n\r\n"s,
           "HTTP/1.1 099 No\r\n\r\n"s,
           "HTTP/1.1 600 No\r\n\r\n"s,
           "HTTP/1.1 2000 No\r\n\r\n"s,
           "HTTP/1.1 20 OK\r\n\r\n"s,
           "HTTP/1.1 200\tOK\r\n\r\n"s,
           "HTTP/1.1 200 O\0K\r\n\r\n"s,
           "HTTP/1.1 200 OK\n\n"s,
           "HTTP/1.1 200 OK\r\r\n\r\n"s,
           "HTTP/1.1 200 OK\rX\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: 1\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: 1\r\n\n"s,
           "HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: 1\r\n\rX"s,
           "HTTP/1.1 200 OK\r\nA: 1\r\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA:\r\n\tfolded\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\n A: 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA\t: 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\n: 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA\0: 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\n\xc3\xa4: 1\r\n\r\n"s,
           "HTTP/1.1 200 OK\r\nA: \x7f\r\n\r\n"s,
           "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"s,
           ok("Content-Length: 5\r\n" + chunked),
           ok(chunked + "Content-Length: 5\r\n"),
           ok("Content-Length: 5\r\nContent-Length: 6\r\n"),
           ok("Content-Length: 5, 6\r\n"),
           ok("Content-Length: 5,\r\n"),
           ok("Content-Length:\r\n"),
           ok("Content-Length: +5\r\n"),
           ok("Content-Length: -5\r\n"),
           ok("Content-Length: 5 5\r\n"),
           ok("Content-Length: 0x5\r\n"),
           ok("Content-Length: 18446744073709551616\r\n"),
           ok("Content-Length: 4294967296\r\n"),
           ok("Transfer-Encoding: gzip\r\n"),
           ok("Transfer-Encoding: gzip, chunked\r\n"),
           ok("Transfer-Encoding: chunked, gzip\r\n"),
           ok("Transfer-Encoding: xchunked\r\n"),
           ok("Transfer-Encoding:\r\n"),
           ok(chunked + chunked),
           ok("Transfer-Encoding: chunked;q=1\r\n"),
           "HTTP/1.0 200 OK\r\n" + chunked + "\r\n0\r\n\r\n",
           ok(chunked, "5\nhello\r\n"),
           ok(chunked, "5\r\nhelloX\r\n"),
           ok(chunked, "5\r\nhello\n0\r\n\r\n"),
           ok(chunked, "5\r\nhello0\r\n\r\n"),
           ok(chunked, "G\r\n"),
           ok(chunked, "\r\n"),
           ok(chunked, "-1\r\n"),
           ok(chunked, "0x1\r\n"),
           ok(chunked, "1 \r\nx\r\n"),
           ok(chunked, "10000000000000000\r\n"),
           ok(chunked, "ffffffffffffffff\r\n"),
           ok(chunked, "1;\r\nx\r\n"),
           ok(chunked, "1;a\nx\r\n"),
           ok(chunked, "1;a=\"b\n\"\r\nx\r\n"),
           ok(chunked, "0\r\n\n"),
           ok(chunked, "0\r\nT: 1\r\n folded\r\n\r\n"),
           ok(chunked, "0\r\nT : 1\r\n\r\n"),
           ok(chunked, "0\r\nX"),
           ok("Content-Length: 2\r\nConnection: close\t\r\n", "ab") + hello,
           ok("Content-Length: 2\r\nConnection: x\t, Close\r\n", "ab") + hello,
           "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab" + hello,
           "\n" + hello,
           "\r\r\n" + hello,
           "\r" + hello,
           ok("Content-Length: 5\r\n", "hel"),
           "HTTP/1.1 200 OK\r\nA: "s,
           "HTTP/1.1 100 C\r\n\r\n"s,
           ok(chunked, "5\r\nhel"),
           ok(chunked, "5"),
           ok(chunked, "0\r\n"),
           ok(chunked, "0\r\nT: 1\r\n"),
       }) {
    streams.push_back({.bytes = bytes});
    streams.push_back({.bytes = hello + bytes});
  }
  streams.push_back({.bytes = ok("", "cut"), .ending = Ending::broken});
  streams.push_back({.bytes = hello + ok("", "cut"), .ending = Ending::broken});
  return streams;
}

// Streams that meet a limit or go over it.
inline std::vector<Stream> limited_streams() {
  const auto with = [](std::size_t head, std::size_t fields, std::size_t body,
                       unsigned informational) {
    return Limits{.head_bytes_max = head,
                  .head_fields_max = fields,
                  .body_bytes_max = body,
                  .informational_max = informational};
  };
  const std::string wide =
      ok("Content-Length: 0\r\nX: 0123456789012345678901234567890123456789\r\n");
  const std::string trailed = ok(chunked, "0\r\nT: 0123456789\r\n\r\n");
  const std::string broken_late = "HTTP/1.1 200 OK\r\nX: 0123456789\r\nbroken here\r\n\r\n";
  std::vector<Stream> streams;
  for (const std::size_t less : {std::size_t{0}, std::size_t{1}, std::size_t{9}})
    streams.push_back({.bytes = wide + hello, .limits = with(wide.size() - less, 9, 9, 9)});
  for (std::size_t head = 44; head < 66; ++head)
    streams.push_back({.bytes = trailed + hello, .limits = with(head, 9, 9, 9)});
  for (std::size_t head = 16; head < broken_late.size(); head += 3)
    streams.push_back({.bytes = broken_late, .limits = with(head, 9, 9, 9)});
  for (const std::size_t fields : {0U, 1U, 2U, 3U}) {
    streams.push_back(
        {.bytes = ok("A: 1\r\nB: 2\r\nContent-Length: 0\r\n"), .limits = with(99, fields, 9, 9)});
    streams.push_back(
        {.bytes = ok(chunked, "0\r\nT: 1\r\nU: 2\r\n\r\n"), .limits = with(99, fields, 9, 9)});
  }
  for (const std::size_t body : {4U, 5U}) {
    streams.push_back({.bytes = hello, .limits = with(99, 9, body, 9)});
    streams.push_back({.bytes = ok("", "hello"), .limits = with(99, 9, body, 9)});
    streams.push_back(
        {.bytes = ok(chunked, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), .limits = with(99, 9, body, 9)});
    streams.push_back(
        {.bytes = hello, .expected = {{.head = true}}, .limits = with(99, 9, body, 9)});
  }
  const std::string one_hundred = "HTTP/1.1 100 C\r\n\r\n";
  for (const unsigned most : {1U, 2U})
    streams.push_back({.bytes = one_hundred + one_hundred + hello + one_hundred + hello,
                       .limits = with(99, 9, 9, most)});
  return streams;
}

}  // namespace headrace::http::test
