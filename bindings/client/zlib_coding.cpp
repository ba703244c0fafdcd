#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include "bindings/client/coding.hpp"

namespace headrace::client {
namespace {

// How zlib is told of the format: by the size of the window, here the largest.
enum class Format : int { raw = -15, zlib = 15, gzip = 15 + 16 };

class Inflater {
 public:
  explicit Inflater(Format format) {
    if (inflateInit2(&stream_, static_cast<int>(format)) != Z_OK) throw std::bad_alloc{};
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ended() const noexcept { return ended_; }

  std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                      std::span<char> output) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    const auto given = static_cast<uInt>(std::min(input.size(), most));
    const auto room = static_cast<uInt>(std::min(output.size(), most));
    // zlib reads through this pointer only; it lacks the const for old compilers' sake.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = room;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    input.remove_prefix(given - stream_.avail_in);
    if (result == Z_MEM_ERROR) throw std::bad_alloc{};
    if (result == Z_NEED_DICT) return std::unexpected("it needs a dictionary, which HTTP has not");
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return std::unexpected(stream_.msg != nullptr ? stream_.msg : "it is damaged");
    ended_ = result == Z_STREAM_END;
    return room - stream_.avail_out;
  }

  void begin_again(Format format) {
    inflateReset2(&stream_, static_cast<int>(format));
    ended_ = false;
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

// RFC 1952, whose §2.2 lets one member follow another.
class Gzip final : public Coding {
 public:
  std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                      std::span<char> output) override {
    if (inflater_.ended()) {
      if (input.empty()) return 0;
      if (input.front() != '\x1f') return std::unexpected(trailing_bytes);
      inflater_.begin_again(Format::gzip);
    }
    return inflater_.decode(input, output);
  }

  bool ended() const noexcept override { return inflater_.ended(); }

 private:
  Inflater inflater_{Format::gzip};
};

// "deflate" means zlib's format (RFC 9110 §8.4.1.2), but some servers send the bare data, which
// browsers take as well. The first two bytes tell: zlib's header is a multiple of 31 (RFC 1950
// §2.2), and no compressor begins bare data with such a pair.
class Deflate final : public Coding {
 public:
  std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                      std::span<char> output) override {
    while (header_size_ < header_.size() && !input.empty()) {
      header_[header_size_++] = input.front();
      input.remove_prefix(1);
    }
    if (header_size_ < header_.size()) return 0;
    if (!header_left_.data()) begin();
    if (!header_left_.empty()) return inflater_.decode(header_left_, output);
    if (inflater_.ended())
      return input.empty() ? std::expected<std::size_t, std::string_view>(0)
                           : std::unexpected(trailing_bytes);
    return inflater_.decode(input, output);
  }

  bool ended() const noexcept override { return inflater_.ended() && header_left_.empty(); }

 private:
  void begin() {
    const auto first = static_cast<unsigned char>(header_[0]);
    const auto second = static_cast<unsigned char>(header_[1]);
    const bool zlib = (first & 0x0fU) == Z_DEFLATED && (first * 256U + second) % 31 == 0;
    inflater_.begin_again(zlib ? Format::zlib : Format::raw);
    header_left_ = {header_.data(), header_.size()};
  }

  Inflater inflater_{Format::zlib};
  std::array<char, 2> header_{};
  std::size_t header_size_ = 0;
  std::string_view header_left_;  // what zlib has not seen of it
};

}  // namespace

std::unique_ptr<Coding> make_gzip() { return std::make_unique<Gzip>(); }
std::unique_ptr<Coding> make_deflate() { return std::make_unique<Deflate>(); }

}  // namespace headrace::client
