#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "headrace/client/auth.hpp"
#include "headrace/client/decoder.hpp"
#include "headrace/client/options.hpp"
#include "headrace/client/response.hpp"
#include "headrace/engine.hpp"

namespace headrace {

/// An engine with what programs expect of an HTTP client: redirects, credentials, cookies, content
/// codings. In the library headrace::client.
///
/// No thread ever waits for a step: an answer that asks for another request has it sent by the
/// loop's thread. Cancelling or dropping a future ends whatever step is under way, and a request's
/// deadline covers all of them.
///
/// Redirects (RFC 9110 §15.4): 301, 302, 303, 307 and 308 with a Location. A POST becomes a GET
/// after 301 and 302, anything but HEAD after 303; 307 and 308 keep method and body. Not followed
/// but handed over, with the reason in `ClientResponse::not_followed`, are more than
/// `redirects_max`, those from https to http, to other schemes, to URLs with a user name, and those
/// that can't be read.
///
/// Credentials stay with their origin: scheme, host and port. A redirect that leaves it loses
/// Authorization, Cookie, Proxy-Authorization, `sensitive_headers` and Host for good, also on the
/// way back. What the client itself holds, `ClientOptions::auth` and cookies, belongs to an origin
/// and goes there whatever led there, and nowhere else.
///
/// Cookies are kept for the origin that set them alone, whatever Domain they name: stricter than
/// RFC 6265, where a host shares them between its ports and schemes.
///
/// `Request::verify` sees each answer as it came: redirects, refusals, codings.
///
/// Every member may be called from any thread at any time, callbacks included, but the destructor
/// and a move. A forked child makes a client of its own: there submit gives `forked`, and the
/// destructor leaves everything to the parent.
class HEADRACE_API Client {
 public:
  /// With an engine of its own. Throws Exception as Engine does, and when an option is wrong.
  explicit Client(ClientOptions options = {});

  /// On an engine that others may use too; `ClientOptions::engine` is not looked at. That engine's
  /// `base_url` has no part in the client's requests.
  Client(std::shared_ptr<Engine> engine, ClientOptions options);

  /// Every unfinished future completes with `closed` before this returns; in a callback, soon
  /// afterwards. An engine of its own is shut down without grace.
  ~Client();

  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Sends one request. `invalid_argument`, `queue_full` and `closed` are found in the future, as
  /// are the errors of `Decoder`. An Error is that of the last step; once there was a first answer,
  /// its `progress` is `responding` and `safe_to_repeat` is about the request as it was given.
  ///
  /// A `body_source` is asked once: what would have to send its body again (a redirect with 307 or
  /// 308, a 401 that a new token would answer) is the answer.
  Future<ClientResponse> submit(Request request);

  /// Many; the i-th future is the i-th request's.
  std::vector<Future<ClientResponse>> submit_all(std::vector<Request> requests);

  Future<ClientResponse> get(std::string_view url, Headers headers = {});

  /// Forgets all cookies.
  void clear_cookies();

  /// For its stats and profiles.
  Engine& engine() const noexcept;

 private:
  class Core;
  class Call;
  std::shared_ptr<Core> core_;
};

}  // namespace headrace
