#include "tests/servers/h2o.hpp"

#include <csignal>

namespace headrace::test {
namespace {

constexpr const char* configuration = R"(
listen:
  host: 127.0.0.1
  port: @port@
listen:
  host: 127.0.0.1
  port: @secure_port@
  ssl:
    certificate-file: @chain@
    key-file: @key@
num-threads: 1
pid-file: @folder@/pid
error-log: @folder@/error.log
http1-request-timeout: 60
header.set: "X-Generation: @generation@"
hosts:
  default:
    paths:
      /app:
        proxy.reverse.url: http://127.0.0.1:@application@/app
      /:
        file.dir: @files@
)";

}  // namespace

H2o::H2o(const Setup& setup) : WebServer("h2o", {.end = SIGTERM, .reload = SIGHUP}) {
  start({"-m", "master", "-c", "@configuration@"}, configuration,
        {{"application", std::to_string(setup.application)}});
}

}  // namespace headrace::test
