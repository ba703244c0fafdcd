#include "engine/http/render.hpp"

#include <string>

namespace headrace::http {
namespace {

// What is put together is measured first, then written into memory of just that size.
struct Measure {
  std::size_t bytes = 0;
  void put(const auto&... parts) { ((bytes += std::string_view(parts).size()), ...); }
};
struct Pen {
  char* at;
  void put(const auto&... parts) { (write(parts), ...); }
  void write(std::string_view part) { at += part.copy(at, part.size()); }
};

void put_target(auto& out, const Request& request, const Destination& to) {
  const std::string_view slash{"/", to.target.starts_with('/') ? 0U : 1U};
  if (request.method == std::string_view{"GET"})
    out.put(to.get, slash, to.target);
  else
    out.put(request.method, to.site->front, to.path_prefix, slash, to.target);
}

void put_line(auto& out, std::string_view name, std::string_view value) {
  out.put(name, ": ", value, "\r\n");
}

void put_head(auto& out, const Request& request, const Destination& to, const FieldFacts& fields,
              bool says_length) {
  put_target(out, request, to);
  out.put(" HTTP/1.1\r\n");
  put_line(out, "Host", fields.host.value_or(to.site->host));
  for (const Field field : request.headers)
    if (!is_host(field.name)) put_line(out, field.name, trimmed(field.value));
  if (!fields.user_agent) out.put(user_agent_line);
  out.put(to.site->proxy_fields);
  if (request.body_source && !request.body_source->length)
    put_line(out, "Transfer-Encoding", "chunked");
  else if (says_length)
    put_line(out, "Content-Length", std::to_string(body_bytes(request)));
  out.put("\r\n");
}

}  // namespace

std::uint64_t body_bytes(const Request& request) {
  return request.body_source ? request.body_source->length.value_or(0) : request.body.size();
}

Wire render_plain(const Request& request, const Destination& to) {
  Measure measured;
  put_target(measured, request, to);
  return Wire(measured.bytes, [&](char* at) {
    Pen pen{at};
    put_target(pen, request, to);
  });
}

std::size_t head_bytes(const Request& request, const Destination& to, const FieldFacts& fields,
                       bool says_length) {
  Measure measured;
  put_head(measured, request, to, fields, says_length);
  return measured.bytes;
}

Wire render(const Request& request, const Destination& to, const FieldFacts& fields,
            bool says_length, std::size_t head_bytes) {
  return Wire(head_bytes + request.body.size(), [&](char* at) {
    Pen pen{at};
    put_head(pen, request, to, fields, says_length);
    pen.put(request.body);
  });
}

}  // namespace headrace::http
