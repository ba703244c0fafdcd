#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "engine/base/bytes.hpp"
#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/http/origin.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/error.hpp"
#include "headrace/response.hpp"

namespace headrace::core {

// A request as it enters the core. `tag` comes back in its completion and means nothing to the
// core.
struct Submission {
  http::Prepared prepared;
  std::uint64_t tag = 0;
  std::optional<Duration> timeout = {};  // from the instant of submit; none: no deadline
  std::function<bool(const Response&)> verify = {};  // Request::verify; must not throw
  bool streamed = false;  // the answer is handed over as it comes, as Parts
};

// A response is large and changes hands often: from its head on it stays where it is until the
// caller takes it.
using AnswerPointer = std::unique_ptr<Result<Response>>;

// How an exchange ended.
class Outcome {
 public:
  Outcome(AnswerPointer result) noexcept : result_(std::move(result)) {}
  Outcome(std::unexpected<Error> error)
      : result_(std::make_unique<Result<Response>>(std::move(error))) {}

  bool has_value() const noexcept { return result_->has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  Response& operator*() const noexcept { return **result_; }
  Response* operator->() const noexcept { return &**result_; }
  Error& error() const noexcept { return result_->error(); }
  AnswerPointer release() noexcept { return std::move(result_); }

 private:
  AnswerPointer result_;
};

// The one outcome of one submission (S1).
struct Completion {
  ExchangeId exchange;
  std::uint64_t tag = 0;
  Outcome result;
};

// What has come of a streamed answer since its last part. The exchange's completion ends it: its
// response then has the trailers and no body. Without a part before it, it is the whole outcome.
struct Part {
  ExchangeId exchange;
  std::uint64_t tag = 0;
  AnswerPointer head;  // with the first part
  std::string body;
};

// What came on a connection and was not read yet.
class Unread {
 public:
  // How many bytes were read into memory, of as many as it holds; 0 when there are none now. Throws
  // nothing.
  virtual std::size_t read(std::span<char> into) noexcept = 0;

 protected:
  ~Unread() = default;
};

// What the core asks of the shell. Actions are values, performed in the order given.

// Resolve, connect and, for https, shake hands; answer with on_dialled.
struct Dial {
  ConnectionId connection;
  std::shared_ptr<const http::Origin> origin;
};

// Write these bytes. They stay where they are until on_written has reported all of them, or the
// connection's Close was handed out and the actions behind it too; no further Write comes before
// that.
struct Write {
  ConnectionId connection;
  Bytes bytes;
};

// Ask for the next piece of a request's body; answer with on_body.
struct Pull {
  ExchangeId exchange;
  std::uint64_t tag = 0;
};

// Go on reading a connection for which on_received gave false.
struct Read {
  ConnectionId connection;
};

// Close, or stop dialling. The id is dead: the shell reports nothing more of it.
struct Close {
  ConnectionId connection;
};

using Action = std::variant<Dial, Write, Pull, Read, Close>;

}  // namespace headrace::core
