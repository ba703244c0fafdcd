#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"
#include "engine/http/origin_memo.hpp"
#include "engine/http/proxies.hpp"
#include "engine/http/site.hpp"
#include "engine/http/wire.hpp"
#include "headrace/error.hpp"
#include "headrace/request.hpp"

namespace headrace::http {

// Where a request's body comes from.
enum class BodyWay : std::uint8_t {
  in_wire,      // it is there already, or there is none
  held,         // it is there, and is written once the server gave its leave
  with_length,  // piece by piece, as many bytes as Content-Length said
  chunked,      // piece by piece
};

// What the engine must know of a request once its bytes are written.
struct Traits {
  bool head : 1 = false;         // the response has no body, whatever it says (S12)
  bool repeatable : 1 = false;   // may be written again after a failure (S13, S14)
  bool pipelinable : 1 = false;  // may be written behind others and have others behind it (S6, S8)
  bool last : 1 = false;         // the caller's own "Connection: close": nothing is written behind
                                 // it (9112 §9.6)
  bool upgrade : 1 = false;      // asked for an upgrade: a 101 is a final answer (S32)
  bool expect : 1 = false;       // its body waits for a 100 (RFC 9110 §10.1.1)
  bool shares_rest : 1 = false;  // its head ends with Site::rest: all that is not its own
  BodyWay body = BodyWay::in_wire;
};

// A request that passed every check, with its bytes as they go on the wire.
struct Prepared {
  const Site* site = nullptr;
  std::shared_ptr<const Site> keeper;  // of the site; without, whoever submits it sees to that
  Wire wire;  // head and body, contiguous; without what it shares with others to the site, and the
              // body that comes piece by piece
  Traits traits;
  std::uint64_t body_bytes = 0;  // that are still to come, or are held back

  std::string_view rest() const noexcept {
    return traits.shares_rest ? std::string_view{site->rest} : std::string_view{};
  }
  std::size_t bytes() const noexcept { return wire.size() + rest().size(); }
  std::string text() const { return std::string(wire.view()).append(rest()); }
};

// Where requests that begin with "/" go: Options::base_url, read once. And by which proxy any
// request goes.
struct Base {
  std::shared_ptr<const Site> site;        // null without a base_url
  std::string path_prefix;                 // without a final slash
  std::string get;                         // how a GET to it begins, before its own path
  std::shared_ptr<const Proxies> proxies;  // null: none for anybody
};
Result<Base> parse_base(std::string_view base_url, std::shared_ptr<const Proxies> proxies = {});

// Checks a request and renders it. Nothing with CR, LF, NUL or a non-token byte where a token
// belongs gets past here (S37); Host, Content-Length and Transfer-Encoding given by the caller are
// refused, but a Host equal in meaning or a plain host override is sent as given. Every error is
// invalid_argument and says which part and what to do. The site is the base's or the memo's.
Result<void> prepare(const Request& request, const Base& base, bool pipeline_put_delete,
                     OriginMemo& memo, Prepared& into);

// The same with a keeper for the site.
Result<Prepared> prepare(const Request& request, const Base& base, bool pipeline_put_delete);

}  // namespace headrace::http
