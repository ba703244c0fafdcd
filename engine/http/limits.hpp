#pragma once

#include <cstddef>

// The limits of reading and writing HTTP that are not options, and whose example they follow.
namespace headrace::http::limits {

// A request's line and fields. Servers stop far earlier (nginx 32 KiB, Apache 8 KiB a line), so
// what is over this was never meant to arrive.
inline constexpr std::size_t request_head_bytes_max = std::size_t{64} * 1024;

// What the chunk-size lines of one response may hold beside the size itself: extensions that
// nobody reads, and leading zeros (Go and Node: 16 KiB).
inline constexpr std::size_t chunk_extension_bytes_max = std::size_t{16} * 1024;

// A chunk-size line without any of that: 16 hexadecimal digits and CRLF.
inline constexpr std::size_t chunk_line_bytes = 18;

// How much of a foreign text an error repeats.
inline constexpr std::size_t quoted_bytes_max = 80;

}  // namespace headrace::http::limits
