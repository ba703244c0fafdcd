#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string_view>

namespace headrace::client {

// One content coding being taken off, by its library.
class Coding {
 public:
  virtual ~Coding() = default;

  // Decodes until the input is used up or the output is full. Takes what it used off the front of
  // the input, which need not be all, and gives how much it wrote; or why it can't.
  virtual std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                              std::span<char> output) = 0;

  // What came so far may be all.
  virtual bool ended() const noexcept = 0;
};

inline constexpr std::string_view trailing_bytes = "something follows after its end";

std::unique_ptr<Coding> make_gzip();
std::unique_ptr<Coding> make_deflate();
std::unique_ptr<Coding> make_brotli();
std::unique_ptr<Coding> make_zstd();

}  // namespace headrace::client
