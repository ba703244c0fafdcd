#include "tests/servers/caddy.hpp"

#include <csignal>

namespace headrace::test {
namespace {

constexpr const char* configuration = R"(
{
  admin unix/@folder@/admin
  auto_https off
}
(all) {
  bind 127.0.0.1
  header X-Generation @generation@
  @limit@
  root * @files@
  handle /app/* {
    reverse_proxy 127.0.0.1:@application@
  }
  handle {
    file_server
  }
}
http://127.0.0.1:@port@ {
  import all
}
https://127.0.0.1:@secure_port@ {
  tls @chain@ @key@
  import all
}
)";

}  // namespace

Caddy::Caddy(const Setup& setup) : WebServer("caddy", {.end = SIGTERM, .reload = 0}) {
  start(
      {"run", "--config", "@configuration@", "--adapter", "caddyfile", "--pidfile", "@folder@/pid"},
      configuration,
      {{"limit", setup.limited ? "header Connection close" : ""},
       {"application", std::to_string(setup.application)}});
}

void Caddy::read_again() {
  command({"caddy", "reload", "--config", "@configuration@", "--adapter", "caddyfile", "--address",
           "unix/@folder@/admin"});
}

}  // namespace headrace::test
