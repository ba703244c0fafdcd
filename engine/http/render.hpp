#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/http/request_fields.hpp"
#include "engine/http/site.hpp"
#include "engine/http/wire.hpp"
#include "headrace/request.hpp"

// How a checked request becomes bytes (RFC 9112 §3).
namespace headrace::http {

// Where a request goes. The target is put together from its parts as it is written.
struct Destination {
  const Site* site = nullptr;
  std::string_view get;  // what stands before the target where the method is GET
  std::string_view path_prefix;
  std::string_view target;  // may lack its leading "/"
};

// That will come behind the head: 0 also for a body whose length is not known.
std::uint64_t body_bytes(const Request& request);

// Of a request with nothing of its own but method and target: all that Site::rest does not say.
Wire render_plain(const Request& request, const Destination& to);

// Of any other: how long its head is, and all of it, with the body that is in memory.
std::size_t head_bytes(const Request& request, const Destination& to, const FieldFacts& fields,
                       bool says_length);
Wire render(const Request& request, const Destination& to, const FieldFacts& fields,
            bool says_length, std::size_t head_bytes);

}  // namespace headrace::http
