#pragma once

#include <string>
#include <string_view>

namespace headrace::test {

// "HTTP/1.1 200 OK" with this body and, before it, these whole field lines ("A: b\r\n").
inline std::string ok(std::string_view body = {}, std::string_view fields = {}) {
  return "HTTP/1.1 200 OK\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace headrace::test
