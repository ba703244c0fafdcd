#include "engine/http/prepare.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/limits.hpp"
#include "engine/http/refusal.hpp"
#include "engine/http/request_fields.hpp"
#include "engine/http/request_method.hpp"
#include "engine/http/url.hpp"
#include "headrace/version.hpp"

namespace headrace::http {
namespace {

constexpr std::string_view user_agent = "headrace/" HEADRACE_VERSION;

struct Destination {
  std::shared_ptr<const Origin> origin;
  std::string target;
};

Result<Destination> below_base(std::string_view url, const Base& base) {
  if (!base.origin)
    return refused("the URL is a path, and there is no Options::base_url to put before it");
  auto target = parse_target(url);
  if (!target) return std::unexpected(std::move(target.error()));
  return Destination{.origin = base.origin, .target = base.path_prefix + *target};
}

Result<Destination> destination(std::string_view url, const Base& base) {
  if (url.starts_with('/')) return below_base(url, base);
  auto parsed = parse_url(url);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  const bool shared = base.origin && *base.origin == parsed->origin;
  return Destination{
      .origin = shared ? base.origin : std::make_shared<const Origin>(std::move(parsed->origin)),
      .target = std::move(parsed->target)};
}

Traits traits_of(const Request& request, const MethodFacts& method, const FieldFacts& fields,
                 bool pipeline_put_delete) {
  Traits traits{.head = request.method == "HEAD", .last = fields.close, .upgrade = fields.upgrade};
  if (request.repeat == Repeat::forbidden) return traits;
  const bool allowed = request.repeat == Repeat::allowed;
  traits.repeatable = allowed || method.idempotent;
  const bool shares =
      allowed || method.pipelined || (method.pipelined_by_option && pipeline_put_delete);
  traits.pipelinable = shares && !request.bulk && !fields.alone;
  return traits;
}

bool needs_length(const Request& request) {
  // RFC 9110 §8.6: where a body is the rule its absence is said, elsewhere silence says it.
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

void append_line(std::string& wire, std::string_view name, std::string_view value) {
  wire.append(name).append(": ").append(value).append("\r\n");
}

std::string render_head(const Request& request, const Destination& to, const FieldFacts& fields) {
  std::string wire;
  wire.reserve(request.method.size() + to.target.size() + fields.bytes + request.body.size() + 160);
  wire.append(request.method).append(" ").append(to.target).append(" HTTP/1.1\r\n");
  append_line(wire, "Host", fields.host ? std::string{*fields.host} : host_field(*to.origin));
  for (const Field field : request.headers)
    if (!is_host(field.name)) append_line(wire, field.name, trimmed(field.value));
  if (!fields.user_agent) append_line(wire, "User-Agent", user_agent);
  if (needs_length(request))
    append_line(wire, "Content-Length", std::to_string(request.body.size()));
  return wire.append("\r\n");
}

std::unexpected<Error> refused_for(const Destination& to, Error error) {
  error.origin = to_string(*to.origin);
  return std::unexpected(std::move(error));
}

}  // namespace

Result<Base> parse_base(std::string_view base_url) {
  if (base_url.empty()) return Base{};
  auto url = parse_url(base_url);
  if (!url) {
    url.error().detail.insert(0, "Options::base_url: ");
    return std::unexpected(std::move(url.error()));
  }
  if (base_url.find_first_of("?#") != std::string_view::npos)
    return refused(
        "Options::base_url has a query or a fragment: only a path can have more behind it");
  if (url->target.ends_with('/')) url->target.pop_back();
  return Base{.origin = std::make_shared<const Origin>(std::move(url->origin)),
              .path_prefix = std::move(url->target)};
}

Result<Prepared> prepare(const Request& request, const Base& base, bool pipeline_put_delete) {
  auto to = destination(request.url, base);
  if (!to) return std::unexpected(std::move(to.error()));
  const auto method = check_method(request);
  if (!method) return refused_for(*to, method.error());
  const auto fields = check_fields(request.headers);
  if (!fields) return refused_for(*to, fields.error());

  std::string wire = render_head(request, *to, *fields);
  if (wire.size() > limits::request_head_bytes_max)
    return refused_for(
        *to, refused("the request's line and fields make " + std::to_string(wire.size()) +
                     " bytes, over the limit of " + std::to_string(limits::request_head_bytes_max))
                 .error());
  wire.append(request.body);
  return Prepared{.origin = std::move(to->origin),
                  .wire = std::move(wire),
                  .traits = traits_of(request, *method, *fields, pipeline_put_delete)};
}

}  // namespace headrace::http
