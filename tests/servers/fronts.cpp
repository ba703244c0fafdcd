#include "tests/servers/fronts.hpp"

#include <csignal>

namespace headrace::test {
namespace {

constexpr const char* haproxy_configuration = R"(
global
  nbthread 1
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  @limit@
listen front
  bind 127.0.0.1:@port@
  bind 127.0.0.1:@secure_port@ ssl crt @both@
  http-response set-header X-Generation @generation@
  server origin 127.0.0.1:@origin@
)";

constexpr const char* varnish_configuration = R"(
vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "@origin@"; }
sub vcl_recv { if (req.url ~ "^/app/") { return (pass); } }
sub vcl_deliver { set resp.http.X-Generation = "@generation@"; @limit@ }
)";

constexpr const char* stunnel_configuration = R"(
foreground = yes
pid = @folder@/pid
[front]
accept = 127.0.0.1:@secure_port@
connect = 127.0.0.1:@origin@
cert = @both@
)";

WebServer::Setup before(const WebServer::Setup& setup) {
  return {.application = setup.application};
}

std::string port_of(const WebServer& server) { return std::to_string(server.port()); }

}  // namespace

Haproxy::Haproxy(const Setup& setup)
    : WebServer("haproxy", {.end = SIGUSR1, .reload = SIGUSR2}), origin_(before(setup)) {
  start({"-W", "-f", "@configuration@", "-p", "@folder@/pid"}, haproxy_configuration,
        {{"origin", port_of(origin_)}, {"limit", setup.limited ? "option httpclose" : ""}});
}

Varnish::Varnish(const Setup& setup)
    : WebServer("varnishd", {.end = SIGTERM, .reload = 0}, Speaks::http), origin_(before(setup)) {
  start({"-F", "-j", "none", "-n", "@folder@/varnish", "-P", "@folder@/pid", "-s", "malloc,16m",
         "-p", "timeout_idle=60", "-a", "127.0.0.1:@port@", "-f", "@configuration@"},
        varnish_configuration,
        {{"origin", port_of(origin_)},
         {"limit", setup.limited ? "set resp.http.Connection = \"close\";" : ""}});
}

void Varnish::read_again() {
  const std::string label = "loaded" + std::to_string(++loaded_);
  command({"varnishadm", "-n", "@folder@/varnish", "vcl.load", label, "@configuration@"});
  command({"varnishadm", "-n", "@folder@/varnish", "vcl.use", label});
}

Stunnel::Stunnel(const Setup& setup)
    : WebServer("stunnel", {.end = SIGTERM, .reload = SIGHUP}, Speaks::https), origin_(setup) {
  start({"@configuration@"}, stunnel_configuration, {{"origin", port_of(origin_)}});
}

bool Stunnel::is_of_generation(std::string_view) const {
  return times_said("Configuration successful") >= generation();
}

}  // namespace headrace::test
