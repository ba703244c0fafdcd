#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/bytes.hpp"

namespace headrace::sim {

// A request as a server sees it.
struct SeenRequest {
  std::size_t call = 0;  // from its path, "/call/17"
  std::string method;
  bool asks_close = false;
  bool expects = false;
  std::size_t body_bytes = 0;
  std::size_t begins = 0;  // where it lies in the connection's stream
  std::size_t ends = 0;
  bool shares_segment = false;  // another request began in the segment in which this one did
};

// Reads requests off one connection, and nothing else: what is not exactly a request as headrace
// should write it makes the stream bad.
class RequestParser {
 public:
  // What is written counts as one request with the head of one that waits for the server's leave:
  // its body may come later, or never. To a server it is half of one.
  enum class Side { writer, server };
  explicit RequestParser(Side side = Side::server) : side_(side) {}

  // The bytes of one segment.
  void feed(Bytes segment);

  // The next request that is here as a whole.
  std::optional<SeenRequest> next();

  // The request whose head is here and whose body is not.
  std::optional<SeenRequest> half() const;

  bool empty() const { return buffer_.empty(); }

  // The last request was given with its head, and its body did not come yet.
  bool owes_body() const { return owed_ > 0; }
  const std::string& complaint() const { return complaint_; }

 private:
  std::optional<SeenRequest> parse_head() const;
  void take_owed();
  void complain(std::string_view why);

  Side side_;
  std::string buffer_;
  std::size_t consumed_ = 0;        // of the stream, before the buffer
  std::size_t segment_begins_ = 0;  // where the last segment lies in the stream
  std::size_t last_begun_ = 0;      // where the last request taken began, and one more
  std::size_t owed_ = 0;            // of the body of a request that was given with its head
  std::string complaint_;
};

}  // namespace headrace::sim
