#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "engine/http/response_reader.hpp"
#include "headrace/response.hpp"

namespace headrace::bench::limit {

// What a client can't leave out that hands answers over: each is read with all checks of RFC 9112
// by the engine's own reader, and put together as a Response, which is dropped at once. Stands in
// the Scanner's place.
class Keeper {
 public:
  Keeper();

  // Gives how many answers ended in `bytes`.
  std::size_t take(std::string_view bytes);
  std::size_t body_bytes() const noexcept { return body_bytes_; }  // of all of them

 private:
  void begin();
  void append(std::string_view data);
  void drop();

  http::ResponseReader reader_;
  std::unique_ptr<Response> answer_;
  std::size_t body_bytes_ = 0;
};

}  // namespace headrace::bench::limit
