#include "engine/http/prepare.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/grammar.hpp"
#include "engine/http/limits.hpp"
#include "engine/http/refusal.hpp"
#include "engine/http/render.hpp"
#include "engine/http/request_fields.hpp"
#include "engine/http/request_method.hpp"
#include "engine/http/url.hpp"

namespace headrace::http {
namespace {

Result<void> find_destination(std::string_view url, const Base& base, OriginMemo& memo,
                              Destination& to) {
  if (url.starts_with('/')) {
    if (!base.site)
      return refused("the URL is a path, and there is no Options::base_url to put before it");
    to.site = base.site.get();
    to.get = base.get;
    to.path_prefix = base.path_prefix;
  } else {
    auto site = memo.take_site(url, base.proxies);
    if (!site) return std::unexpected(std::move(site.error()));
    to.site = *site;
    to.get = to.site->get;
  }
  if (url.starts_with('/') && is_all_visible_without('#', url)) {  // most
    to.target = url;
    return {};
  }
  auto target = check_target(url);
  if (!target) return std::unexpected(std::move(target.error()));
  to.target = *target;
  return {};
}

Traits traits_of(const Request& request, const MethodFacts& method, const FieldFacts& fields,
                 bool pipeline_put_delete) {
  Traits traits{.head = request.method == "HEAD", .last = fields.close, .upgrade = fields.upgrade};
  if (request.body_source)
    traits.body = request.body_source->length ? BodyWay::with_length : BodyWay::chunked;
  else if (fields.expect && !request.body.empty())
    traits.body = BodyWay::held;
  traits.expect = fields.expect && traits.body != BodyWay::in_wire;
  if (request.repeat == Repeat::forbidden) return traits;
  const bool allowed = request.repeat == Repeat::allowed;
  traits.repeatable = allowed || method.idempotent;
  const bool shares =
      allowed || method.pipelined || (method.pipelined_by_option && pipeline_put_delete);
  traits.pipelinable = shares && !request.bulk && !fields.alone && !request.body_source;
  return traits;
}

// By far the most requests: nothing of them needs a look but the target.
bool is_plain_get(const Request& request) {
  return request.method == std::string_view{"GET"} && request.headers.empty() &&
         request.body.empty() && !request.body_source;
}

Traits traits_of_plain_get(const Request& request) {
  Traits traits;
  traits.repeatable = request.repeat != Repeat::forbidden;
  traits.pipelinable = traits.repeatable && !request.bulk;
  return traits;
}

std::unexpected<Error> refused_for(const Destination& to, Error error) {
  error.origin = to_string(to.site->origin);
  return std::unexpected(std::move(error));
}

std::unexpected<Error> head_over_limit(const Destination& to, std::size_t bytes) {
  return refused_for(
      to, refused("the request's line and fields make " + std::to_string(bytes) +
                  " bytes, over the limit of " + std::to_string(limits::request_head_bytes_max))
              .error());
}

Result<void> prepare_plain(const Request& request, const Destination& to, const Traits& traits,
                           Prepared& into) {
  into.wire = render_plain(request, to);
  into.traits = traits;
  into.traits.shares_rest = true;
  if (into.bytes() > limits::request_head_bytes_max) return head_over_limit(to, into.bytes());
  return {};
}

Result<void> prepare_any(const Request& request, const Destination& to, bool pipeline_put_delete,
                         Prepared& into) {
  const auto method = check_method(request);
  if (!method) return refused_for(to, method.error());
  const auto fields = check_fields(request.headers);
  if (!fields) return refused_for(to, fields.error());

  if (fields->proxy_authorization && to.site->has_proxy)
    return refused_for(to, refused("the header field Proxy-Authorization is the engine's to write "
                                   "where there is a proxy: give user and password with it")
                               .error());

  const bool says_length =
      method->says_length || !request.body.empty() || request.body_source.has_value();
  if (request.body_source && !request.body.empty())
    return refused_for(to, refused("the request has both a body and a body_source").error());
  if (request.body_source && !request.body_source->next)
    return refused_for(to, refused("the request's body_source has no next").error());
  if (request.body_source && request.body_source->trailers && request.body_source->length)
    return refused_for(to, refused("the request's body_source has a length and trailers: only "
                                   "what is sent chunked, without a length, can have them")
                               .error());
  const Traits traits = traits_of(request, *method, *fields, pipeline_put_delete);
  if (request.headers.empty() && !says_length) return prepare_plain(request, to, traits, into);
  const std::size_t head = head_bytes(request, to, *fields, says_length);
  if (head > limits::request_head_bytes_max) return head_over_limit(to, head);
  into.wire = render(request, to, *fields, says_length, head);
  into.traits = traits;
  if (traits.body != BodyWay::in_wire) into.body_bytes = body_bytes(request);
  return {};
}

}  // namespace

Result<Base> parse_base(std::string_view base_url, std::shared_ptr<const Proxies> proxies) {
  if (base_url.empty())
    return Base{.site = {}, .path_prefix = {}, .get = {}, .proxies = std::move(proxies)};
  auto url = parse_url(base_url);
  if (!url) {
    url.error().detail.insert(0, "Options::base_url: ");
    return std::unexpected(std::move(url.error()));
  }
  if (base_url.find_first_of("?#") != std::string_view::npos)
    return refused(
        "Options::base_url has a query or a fragment: only a path can have more behind it");
  if (url->target.ends_with('/')) url->target.pop_back();
  std::shared_ptr<const Site> site = *site_of(std::move(url->origin), proxies.get());
  std::string get = site->get + url->target;
  return Base{.site = std::move(site),
              .path_prefix = std::move(url->target),
              .get = std::move(get),
              .proxies = std::move(proxies)};
}

Result<void> prepare(const Request& request, const Base& base, bool pipeline_put_delete,
                     OriginMemo& memo, Prepared& into) {
  Destination to;
  if (auto found = find_destination(request.url, base, memo, to); !found) return found;
  into.site = to.site;
  return is_plain_get(request) ? prepare_plain(request, to, traits_of_plain_get(request), into)
                               : prepare_any(request, to, pipeline_put_delete, into);
}

Result<Prepared> prepare(const Request& request, const Base& base, bool pipeline_put_delete) {
  OriginMemo memo;
  Prepared prepared;
  if (auto made = prepare(request, base, pipeline_put_delete, memo, prepared); !made)
    return std::unexpected(std::move(made.error()));
  prepared.keeper = prepared.site->shared_from_this();
  return prepared;
}

}  // namespace headrace::http
