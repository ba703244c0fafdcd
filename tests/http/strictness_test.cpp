#include "tests/http/corpus.hpp"
#include "tests/support/catch.hpp"

using namespace headrace::http;
using namespace headrace::http::test;

// What a response parser must not let through, whatever version of llhttp is below: each input is
// known to pass in one of them. An open stream, so that nothing is blamed on its end.

namespace {

struct Row {
  const char* what;
  std::string bytes;
};

std::string outcome(const std::string& bytes) {
  const Transcript transcript = read({.bytes = bytes, .ending = Ending::open});
  return transcript[transcript.size() - 2];  // the last line tells the reader's state
}

}  // namespace

TEST_CASE("S33, S34: inputs that some llhttp accepts are refused") {
  const std::string line = "HTTP/1.1 200 OK\r\n";
  const Row rows[] = {
      {"header block ended CR LF CR X", line + "A: 1\r\n\rX"},
      {"bare CR between headers", line + "A: 1\rB: 2\r\n\r\n"},
      {"chunk data without CRLF", ok(chunked, "5\r\nhello0\r\n\r\n")},
      {"obs-fold", line + "A: 1\r\n 2\r\n\r\n"},
      {"obs-fold of an empty value", line + "A:\r\n 2\r\n\r\n"},
      {"obs-fold of Content-Length", line + "Content-Length: 1\r\n 2\r\n\r\n"},
      {"space before a header", line + " A: 1\r\n\r\n"},
      {"tab before a header", line + "\tA: 1\r\n\r\n"},
      {"empty header name", line + ": 1\r\n\r\n"},
      {"one-digit status", "HTTP/1.1 2 OK\r\n\r\n"},
      {"status line ended CR CR", "HTTP/1.1 200 OK\r\rA: 1\r\n\r\n"},
      {"status without reason ended CR CR", "HTTP/1.1 200\r\rA: 1\r\n\r\n"},
      {"status line ended CR CR LF", "HTTP/1.1 200 OK\r\r\nA: 1\r\n\r\n"},
      {"status without reason ended CR CR LF", "HTTP/1.1 200\r\r\nA: 1\r\n\r\n"},
      {"close with HTAB, then another response",
       ok("Content-Length: 0\r\nConnection: close\t\r\n") + hello},
      {"bare CR before a response", "\r" + hello},
      {"bare LF before a response", "\n" + hello},
      {"RTSP", "RTSP/1.0 200 OK\r\n\r\n"},
      {"ICE", "ICE/1.0 200 OK\r\n\r\n"},
      {"HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n"},
      {"HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"},
      {"an HTTP/0.9 body", "<html></html>"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(outcome(row.bytes) == "failed protocol_error");
    CHECK(outcome(hello + row.bytes) == "failed protocol_error");
  }
}

TEST_CASE("S12: inputs that some llhttp reads wrongly leave the next response whole") {
  for (const std::string status : {"204", "304"})
    for (const std::string& line : {"Content-Length: 5\r\n"s, chunked}) {
      CAPTURE(status, line);
      const Transcript transcript =
          read({.bytes = "HTTP/1.1 " + status + " x\r\n" + line + "\r\n" + hello,
                .ending = Ending::open});
      CHECK(transcript.size() == 6);
      CHECK(transcript[3] == "body hello");
    }
  CHECK(outcome(ok("Content-Length:\t2\t\r\n", "ab")) == "end");
}

TEST_CASE("S33: a length that is not plain digits without overflow is refused") {
  for (const std::string value :
       {"", "+5", "-5", "5 5", "5.", "0x5", "5;", "5,", ",5", "5,,5", "five",
        "18446744073709551616", "184467440737095516160", "99999999999999999999999", "5\x80"}) {
    CAPTURE(value);
    CHECK(outcome(ok("Content-Length: " + value + "\r\n", "hello")) == "failed protocol_error");
  }
}

TEST_CASE("S33: lengths of 2^32, 2^53, 2^63 and up to 2^64 - 1 are only too large") {
  for (const std::string value :
       {"4294967296", "9007199254740992", "9223372036854775808", "18446744073709551615"}) {
    CAPTURE(value);
    CHECK(outcome(ok("Content-Length: " + value + "\r\n")) == "failed body_too_large");
  }
}

TEST_CASE("S33: zeros before a length are digits, however many") {
  const std::string zeros(30, '0');
  CHECK(outcome(ok("Content-Length: " + zeros + "5\r\n", "hello")) == "end");
  CHECK(outcome(ok("Content-Length: " + zeros + "18446744073709551615\r\n")) ==
        "failed body_too_large");
  CHECK(outcome(ok("Content-Length: " + zeros + "18446744073709551616\r\n")) ==
        "failed protocol_error");
}

TEST_CASE("S33: repeated Content-Lengths are one if they are equal, and refused otherwise") {
  CHECK(outcome(ok("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")) == "end");
  CHECK(outcome(ok("Content-Length: 5, 5\r\n", "hello")) == "end");
  CHECK(outcome(ok("content-length: 5\r\nContent-Length: 5\t,5\r\n", "hello")) == "end");
  CHECK(outcome(ok("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")) ==
        "failed protocol_error");
  CHECK(outcome(ok("Content-Length: 5, 6\r\n", "hello")) == "failed protocol_error");
  CHECK(outcome(ok("Content-Length: 5\r\nContent-Length: x\r\n", "hello")) ==
        "failed protocol_error");
}

TEST_CASE("S33: a Transfer-Encoding but chunked alone, or beside Content-Length, is refused") {
  for (const std::string lines :
       {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunkedx\r\n", "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunked,\r\n", "Transfer-Encoding:\r\n"}) {
    CAPTURE(lines);
    CHECK(outcome(ok(lines, "0\r\n\r\n")) == "failed protocol_error");
  }
  CHECK(outcome(ok("Transfer-Encoding:\tCHUNKED\t\r\n", "0\r\n\r\n")) == "end");
  CHECK(outcome("HTTP/1.0 200 OK\r\n" + chunked + "\r\n0\r\n\r\n") == "failed protocol_error");
}

TEST_CASE("S33: chunks are hexadecimal digits without overflow, and CRLF after size and data") {
  for (const std::string body : {"10000000000000000\r\n",
                                 "fffffffffffffffff\r\n",
                                 "g\r\n",
                                 "\r\n",
                                 " 5\r\nhello",
                                 "5 \r\nhello",
                                 "+5\r\nhello",
                                 "-5\r\nhello",
                                 "0x5\r\nhello",
                                 "5\nhello",
                                 "5\rhello",
                                 "5\r\r\nhello",
                                 "5\r\nhello\n",
                                 "5\r\nhello\rX",
                                 "5\r\nhellox\r\n",
                                 "0\r\n\n",
                                 "0\r\n\rX",
                                 "5;a\nhello",
                                 "5;a=b\rhello",
                                 "5; a\r\nhello"}) {
    CAPTURE(body);
    CHECK(outcome(ok(chunked, body)) == "failed protocol_error");
  }
  CHECK(outcome(ok(chunked, "ffffffffffffffff\r\n")) == "failed body_too_large");
  CHECK(outcome(ok(chunked, "1\r\nx\r\nffffffffffffffff\r\n")) == "failed body_too_large");
}

TEST_CASE(
    "S33: bare LF, bare CR, a space before the colon and NUL are refused in head and trailers") {
  for (const std::string& lines :
       {"A: 1\n"s, "A: 1\nB: 2\r\n"s, "A: 1\rB: 2\r\n"s, "A: \r1\r\n"s, "A: 1\r\r\n"s, "A : 1\r\n"s,
        "A\t: 1\r\n"s, "A: \0\r\n"s, "A\0: 1\r\n"s, "A: 1\0\r\n"s, "A: \x01\r\n"s, "A: \x7f\r\n"s,
        "A\r\n"s, "A B: 1\r\n"s, "\xff: 1\r\n"s, "(: 1\r\n"s, "A: 1\r\n\n"s}) {
    CAPTURE(lines);
    CHECK(outcome("HTTP/1.1 200 OK\r\n" + lines + "\r\n") == "failed protocol_error");
    CHECK(outcome(ok(chunked, "0\r\n" + lines + "\r\n")) == "failed protocol_error");
  }
  for (const std::string& line : {"HTTP/1.1 200 OK\n"s, "HTTP/1.1 200\n"s, "HTTP/1.1 200 O\rK\r\n"s,
                                  "HTTP/1.1 200 O\0K\r\n"s, "HTTP/1.1 200 \x1b[0m\r\n"s}) {
    CAPTURE(line);
    CHECK(outcome(line + "\r\n") == "failed protocol_error");
  }
}

TEST_CASE("S33: a status outside 100 to 599 is refused") {
  for (const std::string status :
       {"000", "099", "600", "999", "20", "2000", "2x0", "-20", "+20", ""}) {
    CAPTURE(status);
    CHECK(outcome("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n") ==
          "failed protocol_error");
  }
  for (const std::string status : {"200", "299", "404", "599"})
    CHECK(outcome("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n") == "end");
}
