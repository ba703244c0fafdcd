#include "tests/support/nginx.hpp"

#include <csignal>

namespace headrace::test {

// One process, in the foreground, and nothing outside its folder.
Nginx::Nginx(const Settings& settings) : WebServer("nginx", SIGQUIT) {
  start({"-c", "CONFIGURATION", "-e", "stderr"}, [&](const Facts& facts) {
    const std::string folder = facts.folder.string();
    return "daemon off;\n"
           "master_process off;\n"
           "error_log stderr;\n"
           "pid " +
           folder +
           "/pid;\n"
           "events { worker_connections 512; }\n"
           "http {\n"
           "  log_format plain '$connection $status $request_method $uri"
           " $ssl_protocol- $ssl_session_reused-';\n"
           "  access_log " +
           folder +
           "/access.log plain;\n"
           "  client_body_temp_path " +
           folder +
           "/body;\n"
           "  proxy_temp_path " +
           folder +
           "/proxy;\n"
           "  fastcgi_temp_path " +
           folder +
           "/fastcgi;\n"
           "  uwsgi_temp_path " +
           folder +
           "/uwsgi;\n"
           "  scgi_temp_path " +
           folder +
           "/scgi;\n"
           "  keepalive_timeout 60s;\n"
           "  keepalive_requests " +
           std::to_string(settings.keepalive_requests) +
           ";\n"
           "  gzip " +
           (settings.gzip ? "on" : "off") +
           ";\n"
           "  gzip_types *;\n"
           "  gzip_min_length 1;\n"
           "  server {\n"
           "    listen 127.0.0.1:" +
           std::to_string(facts.port) +
           ";\n"
           "    listen 127.0.0.1:" +
           std::to_string(facts.secure_port) +
           " ssl;\n"
           "    ssl_certificate " +
           facts.certificate.chain_file +
           ";\n"
           "    ssl_certificate_key " +
           facts.certificate.key_file +
           ";\n"
           "    ssl_protocols " +
           settings.tls_versions +
           ";\n"
           "    ssl_session_cache shared:sessions:1m;\n"
           "    ssl_session_tickets " +
           (settings.tickets ? "on" : "off") +
           ";\n"
           "    root " +
           facts.files.string() +
           ";\n"
           "  }\n"
           "}\n";
  });
}

}  // namespace headrace::test
