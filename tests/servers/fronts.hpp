#pragma once

#include "tests/support/nginx.hpp"
#include "tests/support/web_server.hpp"

// Servers that stand before another, which is nginx here.
namespace headrace::test {

class Haproxy : public WebServer {
 public:
  static constexpr const char* name = "HAProxy";
  static constexpr const char* limit = "`option httpclose`";

  explicit Haproxy(const Setup& setup);

 private:
  Nginx origin_;
};

// It caches the files, and knows nothing of TLS.
class Varnish : public WebServer {
 public:
  static constexpr const char* name = "varnish";
  static constexpr const char* limit = "`set resp.http.Connection = \"close\"`";

  explicit Varnish(const Setup& setup);
  bool may_give_lengths() const override { return true; }
  void read_again() override;

 private:
  Nginx origin_;
  unsigned loaded_ = 0;
};

// TLS, and nothing else: the answers are nginx's.
class Stunnel : public WebServer {
 public:
  static constexpr const char* name = "stunnel";
  static constexpr const char* limit = Nginx::limit;

  explicit Stunnel(const Setup& setup);
  bool is_of_generation(std::string_view field) const override;

 private:
  Nginx origin_;
};

}  // namespace headrace::test
