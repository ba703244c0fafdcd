#include "bindings/c/response.hpp"

#include "bindings/c/reader.hpp"

namespace headrace::c {
namespace {

std::int64_t count_of(std::chrono::nanoseconds duration) { return duration.count(); }

hr_field field_of(const Headers& fields, std::size_t index) {
  if (index >= fields.size()) return {};
  const Field field = fields[index];
  return {.name = str_of(field.name), .value = str_of(field.value)};
}

// Every response that C has seen is the base of a view.
const Response* source_of(const hr_response* response) {
  return response == nullptr ? nullptr : static_cast<const ResponseView*>(response)->source;
}

}  // namespace

ResponseView::ResponseView(const Response& shown) noexcept
    : hr_response{.struct_size = sizeof(hr_response),
                  .status = shown.status,
                  .http_minor = shown.http_minor,
                  .reason = str_of(shown.reason),
                  .body = str_of(shown.body),
                  .fields_count = shown.headers.size(),
                  .trailers_count = shown.trailers.size(),
                  .attempts = shown.attempts,
                  .suspect = shown.suspect ? 1 : 0,
                  .connection_id = shown.connection_id,
                  .queued_ns = count_of(shown.timings.queued),
                  .connect_ns = shown.timings.connect ? count_of(*shown.timings.connect) : HR_NONE,
                  .first_byte_ns = count_of(shown.timings.first_byte),
                  .total_ns = count_of(shown.timings.total)},
      source(&shown) {}

}  // namespace headrace::c

using headrace::c::field_of;
using headrace::c::source_of;

hr_field hr_response_field(const hr_response* response, size_t index) {
  const headrace::Response* const source = source_of(response);
  return source == nullptr ? hr_field{} : field_of(source->headers, index);
}

hr_field hr_response_trailer(const hr_response* response, size_t index) {
  const headrace::Response* const source = source_of(response);
  return source == nullptr ? hr_field{} : field_of(source->trailers, index);
}

bool hr_response_find(const hr_response* response, hr_str name, hr_str* value) {
  const headrace::Response* const source = source_of(response);
  if (source == nullptr) return false;
  const auto found = source->headers.get(headrace::c::view_of(name));
  if (found && value != nullptr) *value = headrace::c::str_of(*found);
  return found.has_value();
}
