#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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
};

// The one outcome of one submission (S1).
struct Completion {
  ExchangeId exchange;
  std::uint64_t tag = 0;
  Result<Response> result;
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

// Close, or stop dialling. The id is dead: the shell reports nothing more of it.
struct Close {
  ConnectionId connection;
};

using Action = std::variant<Dial, Write, Close>;

}  // namespace headrace::core
