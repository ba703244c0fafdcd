#pragma once

#include <string>

#include "tests/support/proxy_program.hpp"

// The proxies as the battery names them, and what limits a client's connections to each.
namespace headrace::test {

struct BySquid : Squid {
  explicit BySquid(bool limited) : Squid(limited) {}
  static constexpr const char* scheme = "http";
  static std::string name(bool tunnel) { return tunnel ? "squid, CONNECT" : "squid"; }
  static bool ends_unannounced(bool) { return false; }
  static std::string limit(bool tunnel) {
    return tunnel ? Nginx::limit : "`client_persistent_connections off`";
  }
};

struct ByTinyproxy : Tinyproxy {
  explicit ByTinyproxy(bool) : Tinyproxy(false) {}
  static constexpr const char* scheme = "http";
  static std::string name(bool tunnel) { return tunnel ? "tinyproxy, CONNECT" : "tinyproxy"; }
  static bool ends_unannounced(bool tunnel) { return !tunnel; }
  static std::string limit(bool tunnel) { return tunnel ? Nginx::limit : "always"; }
};

struct ByDante : Dante {
  explicit ByDante(bool) {}
  static constexpr const char* scheme = "socks5h";
  static std::string name(bool) { return "dante, SOCKS5"; }
  static bool ends_unannounced(bool) { return false; }
  static std::string limit(bool) { return Nginx::limit; }
};

}  // namespace headrace::test
