#include "bindings/cli/fetch_answer.hpp"

#include <utility>

#include "bindings/common/base64.hpp"
#include "bindings/inventory/json_text.hpp"

namespace headrace::cli {
namespace {

void append_fields(std::string& out, const Headers& headers) {
  out += '[';
  bool first = true;
  for (const Field field : headers) {
    if (!std::exchange(first, false)) out += ',';
    out += '[';
    json::append_string(out, field.name);
    out += ',';
    json::append_string(out, field.value);
    out += ']';
  }
  out += ']';
}

void append_response(std::string& out, const Response& response) {
  out += R"(,"status":)" + std::to_string(response.status);
  out += R"(,"http_version":"1.)" + std::to_string(response.http_minor) + R"(","reason":)";
  json::append_string(out, response.reason);
  out += R"(,"headers":)";
  append_fields(out, response.headers);
  out += R"(,"trailers":)";
  append_fields(out, response.trailers);
  out += R"(,"body_base64":")" + base64_encode(response.body);
  out += R"(","attempts":)" + std::to_string(response.attempts) + R"(,"error":null)";
}

void append_error(std::string& out, const Error& error) {
  out += R"(,"error":{"code":)";
  json::append_string(out, name_of(error.code));
  out += R"(,"message":)";
  json::append_string(out, error.detail);
  out += R"(,"progress":)";
  json::append_string(out, name_of(error.progress));
  out += R"(,"attempts":)" + std::to_string(error.attempts);
  out += R"(,"safe_to_repeat":)";
  out += error.safe_to_repeat ? "true}" : "false}";
}

}  // namespace

void append_answer(std::string& out, const std::optional<std::string>& id, std::size_t line,
                   const Result<Response>& result) {
  out += R"({"id":)";
  if (id) {
    json::append_string(out, *id);
  } else {
    out += R"(null,"line":)" + std::to_string(line);
  }
  if (result) {
    append_response(out, *result);
  } else {
    append_error(out, result.error());
  }
  out += "}\n";
}

}  // namespace headrace::cli
