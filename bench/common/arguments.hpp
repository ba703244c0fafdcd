#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headrace::bench {

// Where the answers come from: "https://127.0.0.1:4433/bytes/300".
struct Target {
  std::string url = {};
  bool https = false;
  std::string host = {};
  std::uint16_t port = 0;
  std::string path = {};
  std::size_t body_bytes = 0;  // what the path asks for

  std::string host_and_port() const;
  std::string origin() const;  // "https://127.0.0.1:4433"
};

// Throws std::invalid_argument, saying what a URL has to look like.
Target parse_target(std::string_view url);

// What every client is told, whatever it is written in (bench/README.md).
struct Arguments {
  Target target = {};
  unsigned connections = 1;
  unsigned depth = 1;
  std::size_t requests = 10'000;
  std::size_t warm_up = 0;
  std::string ca_file = {};
  bool serial = false;       // one request at a time, each one's time kept
  std::string variant = {};  // how the client does it, where it has several ways

  std::size_t outstanding() const { return std::size_t{connections} * depth; }
};

// Throws std::invalid_argument naming the option.
Arguments parse_arguments(int count, char** values);

// What every option's value goes through: a whole number, or std::invalid_argument.
std::size_t parse_number(std::string_view option, std::string_view text);

}  // namespace headrace::bench
