#include "bench/origin/catalogue.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace headrace::bench {
namespace {

// As many copies as the deepest pipeline may ask for in one read, unless they are large.
constexpr std::size_t copies_max = 512;
constexpr std::size_t block_bytes_max = std::size_t{256} << 10U;

// The four fields that most servers send. The date never changes: a client can't tell.
Answer answer(std::string_view status, std::string_view type, std::string_view body) {
  std::string one = "HTTP/1.1 " + std::string(status) +
                    "\r\nServer: bench-origin/1.0\r\nDate: Sat, 21 Nov 2026 09:00:00 GMT"
                    "\r\nContent-Type: " +
                    std::string(type) + "\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + std::string(body);
  Answer made{.bytes = std::move(one), .size = 0};
  made.size = made.bytes.size();
  return made;
}

Answer repeated(Answer one) {
  const std::size_t copies = std::clamp<std::size_t>(block_bytes_max / one.size, 1, copies_max);
  std::string bytes;
  bytes.reserve(copies * one.size);
  for (std::size_t i = 0; i < copies; ++i) bytes += one.bytes;
  return {.bytes = std::move(bytes), .size = one.size};
}

std::string padded(std::string document, std::size_t bytes) {
  constexpr std::string_view before = R"(,"description":")";
  constexpr std::string_view after = R"("})";
  const std::size_t fixed = document.size() + before.size() + after.size();
  document += before;
  document.append(bytes > fixed ? bytes - fixed : 0, 'x');
  document += after;
  return document;
}

std::string machine_id(std::size_t number) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%08zu", number);
  return text.data();
}

constexpr std::string_view json = "application/json";

}  // namespace

Catalogue::Catalogue(std::size_t machines, std::size_t document_bytes)
    : not_found_(answer("404 Not Found", "text/plain", "not here\n")),
      not_allowed_(answer("405 Method Not Allowed", "text/plain", "only GET\n")) {
  if (machines == 0) return;
  std::string list = R"({"machines":[)";
  for (std::size_t i = 0; i < machines; ++i) {
    const std::string id = machine_id(i);
    list += (i == 0 ? R"({"id":")" : R"(,{"id":")") + id + R"("})";
    add_machine(id, document_bytes);
  }
  add("/machines", answer("200 OK", json, list + "]}"));
}

void Catalogue::add(std::string path, Answer made) {
  answers_.emplace(std::move(path), std::make_unique<Answer>(std::move(made)));
}

void Catalogue::add_machine(const std::string& id, std::size_t document_bytes) {
  const std::string path = "/machines/" + id;
  const std::string machine = R"({"id":")" + id + R"(")";
  add(path, answer("200 OK", json,
                   padded(machine + R"(,"name":"machine-)" + id +
                              R"(","status":"up","memory":4294967296)",
                          document_bytes)));
  add(path + "/disks", answer("200 OK", json,
                              padded(machine + R"(,"disks":[{"name":"system","size":21474836480}])",
                                     document_bytes)));
  add(path + "/nics",
      answer("200 OK", json,
             padded(machine + R"(,"nics":[{"name":"eth0","mac":"56:6f:00:00:00:01"}])",
                    document_bytes)));
}

const Answer& Catalogue::find(std::string_view path) {
  const auto found = answers_.find(path);
  if (found != answers_.end()) return *found->second;
  constexpr std::string_view prefix = "/bytes/";
  constexpr std::string_view together = "/together/";
  const bool waits = path.starts_with(together);
  if (!waits && !path.starts_with(prefix)) return not_found_;
  const std::string_view digits = path.substr(waits ? together.size() : prefix.size());
  std::size_t size = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, size);
  constexpr std::size_t size_max = std::size_t{64} << 20U;
  if (error != std::errc() || stop != end || size > size_max) return not_found_;
  Answer made = repeated(answer("200 OK", "application/octet-stream", std::string(size, 'x')));
  made.together = waits;
  add(std::string(path), std::move(made));
  return *answers_.find(path)->second;
}

}  // namespace headrace::bench
