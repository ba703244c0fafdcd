#include "bindings/inventory/row.hpp"

#include <algorithm>

#include "bindings/inventory/json_text.hpp"

namespace headrace::inventory {
namespace {

void append_member(std::string& out, std::string_view key, std::string_view text) {
  out += ',';
  json::append_key(out, key);
  json::append_string(out, text);
}

void append_part(std::string& out, const RowPart& part) {
  out += ',';
  json::append_key(out, part.name);
  if (!part.items) {
    out += "null";
    return;
  }
  out += '[';
  for (const json::Item& item : *part.items) {
    if (out.back() != '[') out += ',';
    out += item.text;
  }
  out += ']';
}

void append_failure(std::string& out, const Failure& failure) {
  out += R"(,"error":{"code":)";
  json::append_string(out, failure.code);
  append_member(out, "message", failure.message);
  if (failure.status != 0) out += ",\"status\":" + std::to_string(failure.status);
  out += '}';
}

}  // namespace

Failure failure_of(const Error& error) {
  return {.code = std::string(headrace::name_of(error.code)), .message = error.detail};
}

std::string_view name_of(Completeness completeness) noexcept {
  switch (completeness) {
    case Completeness::complete:
      return "complete";
    case Completeness::partial:
      return "partial";
    case Completeness::failed:
      return "failed";
  }
  return "failed";
}

bool Report::complete() const noexcept {
  return !interrupted && std::ranges::all_of(collections, [](const CollectionReport& one) {
    return one.completeness == Completeness::complete;
  });
}

std::string to_json(const Row& row) {
  std::string out = R"({"collection":)";
  json::append_string(out, row.collection);
  append_member(out, "id", row.item.id);
  append_member(out, "name", row.item.name);
  out += ",\"data\":" + row.item.text;
  for (const RowPart& part : row.parts) append_part(out, part);
  out += '}';
  return out;
}

std::string to_json(const RowError& error) {
  std::string out = R"({"collection":)";
  json::append_string(out, error.collection);
  if (error.id) {
    append_member(out, "id", *error.id);
  } else {
    out += ",\"id\":null";
  }
  if (error.part) append_member(out, "part", *error.part);
  if (error.page) out += ",\"page\":" + std::to_string(*error.page);
  append_failure(out, error.failure);
  out += '}';
  return out;
}

}  // namespace headrace::inventory
