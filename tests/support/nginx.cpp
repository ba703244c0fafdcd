#include "tests/support/nginx.hpp"

#include <csignal>

namespace headrace::test {
namespace {

// A master, without which nothing is reloaded, and one worker; nothing outside its folder.
constexpr const char* configuration = R"(
daemon off;
worker_processes 1;
error_log stderr;
pid @folder@/pid;
events { worker_connections 512; }
http {
  log_format plain '$connection $status $request_method $uri $ssl_protocol- $ssl_session_reused-';
  access_log @folder@/access.log plain;
  client_body_temp_path @folder@/body;
  proxy_temp_path @folder@/proxy;
  fastcgi_temp_path @folder@/fastcgi;
  uwsgi_temp_path @folder@/uwsgi;
  scgi_temp_path @folder@/scgi;
  keepalive_timeout 60s;
  keepalive_requests @keepalive_requests@;
  gzip @gzip@;
  gzip_types *;
  gzip_min_length 1;
  add_header X-Generation @generation@ always;
  server {
    listen 127.0.0.1:@port@;
    listen 127.0.0.1:@secure_port@ ssl;
    ssl_certificate @chain@;
    ssl_certificate_key @key@;
    ssl_protocols @tls_versions@;
    ssl_session_cache shared:sessions:1m;
    ssl_session_tickets @tickets@;
    root @files@;
    location /app/ {
      proxy_http_version 1.1;
      proxy_pass http://127.0.0.1:@application@;
    }
  }
}
)";

std::string on_or_off(bool on) { return on ? "on" : "off"; }

}  // namespace

Nginx::Nginx(const Settings& settings) : WebServer("nginx", {.end = SIGQUIT, .reload = SIGHUP}) {
  start({"-c", "@configuration@", "-e", "stderr"}, configuration,
        {{"keepalive_requests", std::to_string(settings.keepalive_requests)},
         {"gzip", on_or_off(settings.gzip)},
         {"tls_versions", settings.tls_versions},
         {"tickets", on_or_off(settings.tickets)},
         {"application", std::to_string(settings.application)}});
}

}  // namespace headrace::test
