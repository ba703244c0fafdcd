#pragma once

#include <memory>
#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/servers/application.hpp"
#include "tests/servers/traffic.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/proxy_program.hpp"

namespace headrace::test {

// A server, or a way to one, as the battery asks it: with an application behind it, and limited to
// a few answers a connection where that is wanted.
class UnderTest {
 public:
  virtual ~UnderTest() = default;

  virtual const WebServer& files() const = 0;
  virtual Options options() const { return five_by_five(files()); }
  std::vector<Scheme> schemes() const;

  // Does it end connections without saying so, so that a POST may be lost on its way?
  virtual bool ends_unannounced(Scheme) const { return false; }

  // Its row in the table of tests/README.md, and what limits its connections; empty: nothing can.
  virtual std::string row(Scheme scheme) const = 0;
  virtual std::string limit(Scheme scheme) const = 0;

  virtual void reload() = 0;
  // Tells it once more: HAProxy's master, for one, hears nothing while it starts.
  virtual void remind() = 0;
  // Does it go by its new configuration, as the latest answer or its log show?
  virtual bool has_reloaded(const Response& latest) const = 0;

  const Application& application() const { return application_; }

 private:
  Application application_;
};

template <class Server>
class Direct : public UnderTest {
 public:
  explicit Direct(bool limited = false)
      : server_(WebServer::Setup{.application = application().port(), .limited = limited}) {}

  const WebServer& files() const override { return server_; }
  std::string row(Scheme) const override { return Server::name; }
  std::string limit(Scheme) const override { return Server::limit; }
  void reload() override { server_.reload(); }
  void remind() override { server_.read_again(); }
  bool has_reloaded(const Response& latest) const override {
    return server_.is_of_generation(latest.headers.get("X-Generation").value_or(""));
  }

 private:
  Server server_;
};

// nginx by way of a proxy.
template <class Program>
class Behind : public UnderTest {
 public:
  explicit Behind(bool limited = false)
      : origin_(WebServer::Setup{.application = application().port(), .limited = limited}),
        proxy_(limited) {}

  const WebServer& files() const override { return origin_; }
  Options options() const override {
    Options options = five_by_five(origin_);
    options.http_proxy = options.https_proxy = Proxy{.url = proxy_.url(Program::scheme)};
    return options;
  }
  bool ends_unannounced(Scheme scheme) const override {
    return Program::ends_unannounced(scheme == Scheme::https);
  }
  std::string row(Scheme scheme) const override { return Program::name(scheme == Scheme::https); }
  std::string limit(Scheme scheme) const override {
    return Program::limit(scheme == Scheme::https);
  }
  void reload() override { proxy_.reload(); }
  void remind() override { proxy_.reload(); }
  bool has_reloaded(const Response&) const override { return proxy_.has_reloaded(); }

 private:
  Nginx origin_;
  Program proxy_;
};

inline std::vector<Scheme> UnderTest::schemes() const {
  std::vector<Scheme> out;
  if (files().speaks_http()) out.push_back(Scheme::http);
  if (files().speaks_https()) out.push_back(Scheme::https);
  return out;
}

}  // namespace headrace::test
