#include "engine/api/check_tls_options.hpp"

#include "engine/http/url.hpp"
#include "engine/io/tls_contexts.hpp"

namespace headrace::api {
namespace {

std::unexpected<Error> refuse(std::string detail) {
  return std::unexpected(Error{
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)});
}

}  // namespace

Result<void> check_tls_options(const TlsOptions& options, const std::string& name) {
  const std::string of = "option " + name + ".";
  if (!options.certificate_file.empty() && !options.certificate_pem.empty())
    return refuse(of + "certificate_file and certificate_pem are both given: give one of them");
  if (!options.key_file.empty() && !options.key_pem.empty())
    return refuse(of + "key_file and key_pem are both given: give one of them");
  const bool certificate = !options.certificate_file.empty() || !options.certificate_pem.empty();
  const bool key = !options.key_file.empty() || !options.key_pem.empty();
  if (key && !certificate)
    return refuse(of +
                  "key_file or key_pem is given without a client certificate: give "
                  "certificate_file or certificate_pem too");
  return {};
}

Result<void> check_tls_options(const OriginOptions& entry, const std::string& where) {
  if (entry.proxy)
    if (Result<void> checked = check_tls_options(entry.proxy->tls, where + ".proxy.tls"); !checked)
      return checked;
  if (!entry.tls && entry.server_name.empty()) return {};
  const Result<http::Url> url = http::parse_url(entry.origin);
  if (!url) return std::unexpected(url.error());
  if (!url->origin.tls)
    return refuse("option " + where +
                  ": the origin is plain http, so it can have neither tls nor " + "server_name");
  if (!entry.server_name.empty())
    if (const auto name = io::read_server_name(entry.server_name); !name)
      return refuse("option " + where + ": " + name.error().detail);
  return entry.tls ? check_tls_options(*entry.tls, where + ".tls") : Result<void>();
}

}  // namespace headrace::api
