#include <utility>
#include <variant>

#include "bindings/client/core.hpp"
#include "bindings/common/base64.hpp"

namespace headrace::client {
namespace {

// Messages name the option and never repeat what is in it.
Result<Url> read_base(const std::string& text) {
  auto url = parse_url(text);
  if (!url) return refused("ClientOptions::base_url: " + std::string(url.error()));
  if (!url->query.empty() || !url->fragment.empty())
    return refused(
        "ClientOptions::base_url has a query or a fragment: only a path can have more behind it");
  if (url->path.ends_with('/')) url->path.pop_back();
  return *std::move(url);
}

Result<Origin> read_origin(const OriginAuth& auth, const std::optional<Url>& base) {
  if (auth.origin.empty()) {
    if (!base)
      return refused("OriginAuth::origin is empty, and there is no base_url to stand for it");
    return base->origin;
  }
  const auto url = parse_url(auth.origin);
  if (!url) return refused("OriginAuth::origin: " + std::string(url.error()));
  if (url->path != "/" || !url->query.empty() || !url->fragment.empty())
    return refused("OriginAuth::origin has more than scheme, host and port");
  return url->origin;
}

// Fills in what is sent.
struct Read {
  Credentials& credentials;

  Result<void> operator()(const BasicAuth& basic) const {
    if (basic.user.contains(':'))
      return refused("BasicAuth::user has a colon, which would end it (RFC 7617)");
    credentials.authorization = "Basic " + base64_encode(basic.user + ":" + basic.password);
    return {};
  }
  Result<void> operator()(const BearerAuth& bearer) const {
    if (bearer.token.empty()) return refused("BearerAuth::token is empty");
    credentials.authorization = "Bearer " + bearer.token;
    return {};
  }
  Result<void> operator()(const std::shared_ptr<AuthProvider>& provider) const {
    if (!provider) return refused("OriginAuth::credentials has a null AuthProvider");
    credentials.gate = std::make_shared<TokenGate>(provider);
    return {};
  }
};

}  // namespace

std::unexpected<Error> refused(std::string detail) {
  return std::unexpected(Error{
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)});
}

Result<Settings> read_settings(ClientOptions options) {
  Settings settings;
  if (!options.engine.base_url.empty())
    return refused("Options::base_url is not a client's: set ClientOptions::base_url");
  if (options.timeout.count() < 0) return refused("ClientOptions::timeout is less than 0 (none)");
  if (!options.base_url.empty()) {
    auto base = read_base(options.base_url);
    if (!base) return std::unexpected(std::move(base.error()));
    settings.base = *std::move(base);
  }
  for (const OriginAuth& auth : options.auth) {
    auto origin = read_origin(auth, settings.base);
    if (!origin) return std::unexpected(std::move(origin.error()));
    for (const Credentials& other : settings.credentials)
      if (other.origin == *origin) return refused("ClientOptions::auth has an origin twice");
    Credentials credentials{.origin = *std::move(origin), .authorization = {}, .gate = {}};
    if (auto read = std::visit(Read{credentials}, auth.credentials); !read)
      return std::unexpected(std::move(read.error()));
    settings.credentials.push_back(std::move(credentials));
  }
  settings.options = std::move(options);
  return settings;
}

}  // namespace headrace::client
