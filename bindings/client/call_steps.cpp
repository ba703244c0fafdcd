// What is sent for a call, and what is made of its answers.

#include <algorithm>
#include <array>
#include <utility>

#include "bindings/client/call.hpp"
#include "bindings/client/codings.hpp"
#include "bindings/client/fields.hpp"
#include "bindings/client/text.hpp"

namespace headrace {
namespace {

client::CalendarTime calendar_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

Future<Response> Client::Call::submit() {
  request_.url = to_string(url_);
  request_.timeout = std::chrono::milliseconds{0};
  if (deadline_)
    request_.timeout =
        std::max(std::chrono::milliseconds{1},
                 std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - detail::Clock::now()));
  Headers own = std::exchange(request_.headers, fields());
  Future<Response> sent = core_->engine().submit(request_);
  request_.headers = std::move(own);
  return sent;
}

// The request's own fields, what the client holds for this origin, and the defaults.
Headers Client::Call::fields() const {
  const ClientOptions& options = core_->options();
  Headers fields = request_.headers;
  const client::Credentials* credentials = core_->credentials_of(url_.origin);
  if (credentials != nullptr && !fields.contains("Authorization"))
    fields.append("Authorization", token_ ? token_->authorization : credentials->authorization);
  const Headers defaults =
      url_.origin == home_ ? options.headers
                           : client::for_other_origin(options.headers, options.sensitive_headers);
  const Headers given = fields;
  for (const Field field : defaults)
    if (!given.contains(field.name)) fields.append(field.name, field.value);
  if (options.cookies) add_cookies(fields);
  // A range is one of the coded bytes: what comes of it could not be decoded.
  if (options.decode && !fields.contains("Accept-Encoding") && !fields.contains("Range"))
    fields.append("Accept-Encoding", accept_encoding());
  return fields;
}

// One line of them is all that is allowed (RFC 6265 §5.4).
void Client::Call::add_cookies(Headers& fields) const {
  std::string kept = core_->cookies().header(url_, calendar_now());
  if (kept.empty()) return;
  if (const auto own = fields.get("Cookie")) {
    kept.insert(0, std::string(*own) + "; ");
    constexpr std::array<std::string_view, 1> cookie{"Cookie"};
    fields = client::without(fields, cookie);
  }
  fields.append("Cookie", kept);
}

void Client::Call::store_cookies(const Response& answer) {
  if (!core_->options().cookies) return;
  for (const Field field : answer.headers)
    if (equal_ignoring_case(field.name, "Set-Cookie"))
      core_->cookies().store(url_, field.value, calendar_now());
}

bool Client::Call::asks_for_credentials(const Response& answer) const noexcept {
  return answer.status == 401 && token_ && !sent_again_ && request_.repeat != Repeat::forbidden &&
         !request_.body_source;
}

void Client::Call::follow(client::Redirect redirect) {
  if (redirect.leaves_origin) {
    request_.headers =
        client::for_other_origin(request_.headers, core_->options().sensitive_headers);
    refused_epoch_ = 0;
  }
  if (redirect.becomes_get) {
    request_.method = "GET";
    request_.body.clear();
    request_.body_source.reset();
    request_.headers = client::without_content(request_.headers);
  }
  url_ = std::move(redirect.to);
  ++redirects_;
}

Result<ClientResponse> Client::Call::final_answer(Response answer) {
  if (auto whole = take_codings_off(answer); !whole) {
    Error error = in_context(std::move(whole.error()));
    error.attempts = answer.attempts;
    error.connection_id = answer.connection_id;
    return std::unexpected(std::move(error));
  }
  return ClientResponse{std::move(answer), to_string(url_), redirects_, std::move(not_followed_)};
}

// A part of a coded body is no coded body (206).
Result<void> Client::Call::take_codings_off(Response& answer) const {
  const std::string coding = answer.headers.get_all("Content-Encoding");
  if (!core_->options().decode || coding.empty() || answer.body.empty() || answer.status == 206)
    return {};
  auto decoder = Decoder::create(coding, core_->options().decode_limits);
  if (!decoder) return std::unexpected(std::move(decoder.error()));
  if (!decoder->decodes()) return {};
  auto body = client::decode_all(*decoder, answer.body);
  if (!body) return std::unexpected(std::move(body.error()));
  constexpr std::array<std::string_view, 2> of_coding{"Content-Encoding", "Content-Length"};
  answer.headers = client::without(answer.headers, of_coding);
  answer.body = *std::move(body);
  return {};
}

}  // namespace headrace
