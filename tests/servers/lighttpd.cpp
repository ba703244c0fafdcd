#include "tests/servers/lighttpd.hpp"

#include <csignal>

namespace headrace::test {
namespace {

constexpr const char* configuration = R"(
server.modules = ("mod_openssl", "mod_proxy", "mod_setenv")
server.document-root = "@files@"
server.pid-file = "@folder@/pid"
server.bind = "127.0.0.1"
server.port = @port@
server.max-keep-alive-requests = @answers_max@
server.max-keep-alive-idle = 60
server.stream-response-body = 1
setenv.add-response-header = ("X-Generation" => "@generation@")
$SERVER["socket"] == "127.0.0.1:@secure_port@" {
  ssl.engine = "enable"
  ssl.pemfile = "@chain@"
  ssl.privkey = "@key@"
}
$HTTP["url"] =~ "^/app/" {
  proxy.server = ("" => (("host" => "127.0.0.1", "port" => @application@)))
}
)";

}  // namespace

Lighttpd::Lighttpd(const Setup& setup) : WebServer("lighttpd", {.end = SIGINT, .reload = SIGUSR1}) {
  start({"-D", "-f", "@configuration@"}, configuration,
        {{"answers_max", setup.limited ? "4" : "65535"},
         {"application", std::to_string(setup.application)}});
}

}  // namespace headrace::test
