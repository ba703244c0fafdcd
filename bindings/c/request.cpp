#include "bindings/c/request.hpp"

#include <stdexcept>
#include <utility>

#include "bindings/c/response.hpp"
#include "headrace/future.hpp"

namespace headrace::c {
namespace {

static_assert(static_cast<int>(Repeat::by_method) == HR_REPEAT_BY_METHOD &&
              static_cast<int>(Repeat::allowed) == HR_REPEAT_ALLOWED &&
              static_cast<int>(Repeat::forbidden) == HR_REPEAT_FORBIDDEN);

void read_fields(Reader& reader, const hr_request& given, Headers& headers) {
  if (given.fields == nullptr && given.fields_count > 0)
    return reader.refuse("fields", "null with a count of " + std::to_string(given.fields_count),
                         "null of none");
  for (std::size_t i = 0; i < given.fields_count; ++i) {
    const hr_field& field = given.fields[i];
    if ((field.name.data == nullptr && field.name.size > 0) ||
        (field.value.data == nullptr && field.value.size > 0))
      return reader.refuse("fields[" + std::to_string(i) + "]", "a null of some bytes",
                           "null of none");
    headers.append(view_of(field.name), view_of(field.value));
  }
}

// A piece is as large as the program fills of this.
constexpr std::size_t piece_bytes_max = std::size_t{64} * 1024;

void read_source(Reader& reader, const hr_request& given, Request& request) {
  if (given.body_length < 0)
    return reader.refuse("body_length", std::to_string(given.body_length), "0 or more");
  if (given.read_body == nullptr) {
    if (given.body_length > 0)
      reader.refuse("body_length", std::to_string(given.body_length), "0 without a read_body");
    if (given.read_trailers != nullptr)
      reader.refuse("read_trailers", "set", "null without a read_body");
    return;
  }
  if (given.read_trailers != nullptr && given.body_length > 0)
    return reader.refuse("read_trailers", "set", "null with a body_length");
  BodySource& source = request.body_source.emplace();
  if (given.body_length > 0) source.length = static_cast<std::uint64_t>(given.body_length);
  source.next = [read_body = given.read_body,
                 context = given.read_body_context]() -> Future<std::string> {
    std::string piece;
    std::ptrdiff_t count = 0;
    const auto is_size = [&] {
      return count >= 0 && static_cast<std::size_t>(count) <= piece_bytes_max;
    };
    piece.resize_and_overwrite(piece_bytes_max, [&](char* buffer, std::size_t size) {
      count = read_body(context, buffer, size);
      return is_size() ? static_cast<std::size_t>(count) : std::size_t{0};
    });
    if (!is_size())
      return Future<std::string>(Result<std::string>(std::unexpected(
          Error{.code = ErrorCode::invalid_argument,
                .detail = "hr_request.read_body had no piece to give: " + std::to_string(count)})));
    return Future<std::string>(std::move(piece));
  };
  if (given.read_trailers == nullptr) return;
  source.trailers = [read_trailers = given.read_trailers, context = given.read_body_context] {
    const hr_field* fields = nullptr;
    const std::size_t count = read_trailers(context, &fields);
    Headers trailers;
    for (std::size_t i = 0; fields != nullptr && i < count; ++i)
      trailers.append(view_of(fields[i].name), view_of(fields[i].value));
    return trailers;
  };
}

Request read(Reader& reader, const hr_request& given) {
  Request request;
  if (given.method.size > 0) request.method = reader.text("method", given.method);
  request.url = reader.text("url", given.url);
  request.body = reader.text("body", given.body);
  read_fields(reader, given, request.headers);
  if (given.timeout_ms != 0)
    reader.number("timeout_ms", given.timeout_ms, request.timeout.emplace());
  request.repeat = static_cast<Repeat>(reader.choice("repeat", given.repeat, 3));
  request.bulk = reader.flag("bulk", given.bulk);
  reader.flag("announce", given.announce);
  reader.flag("streamed", given.streamed);
  read_source(reader, given, request);
  if (given.verify != nullptr)
    request.verify = [verify = given.verify,
                      context = given.verify_context](const Response& response) {
      const ResponseView view(response);
      return verify(context, &view);
    };
  return request;
}

}  // namespace

Given read_request(const hr_request* given) {
  std::optional<Error> refusal;
  const auto known = read_struct("hr_request", given, refusal);
  Given read_here{.request = Request{},
                  .announce = known.announce == 1,
                  .streamed = known.streamed == 1,
                  .user_data = known.user_data};
  Reader reader("hr_request.");
  if (given == nullptr) refusal = invalid("the request is null");
  reader.refuse(std::move(refusal));
  try {
    read_here.request = read(reader, known);
  } catch (const std::length_error&) {
    reader.refuse(invalid("hr_request has a field or body that is longer than memory can be"));
  }
  if (auto wrong = reader.take_refusal()) read_here.request = std::unexpected(*std::move(wrong));
  return read_here;
}

Given read_request(const hr_request* first, std::size_t index) {
  if (index == 0 || !is_size(first->struct_size, alignof(hr_request))) return read_request(first);
  const hr_request* const given = element(first, index);
  if (given->struct_size == first->struct_size) return read_request(given);
  return {.request = std::unexpected(
              invalid("hr_request.struct_size is " + std::to_string(given->struct_size) +
                      ", that of the array's first one " + std::to_string(first->struct_size) +
                      ": an array has one size"))};
}

}  // namespace headrace::c
