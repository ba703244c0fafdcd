#include "bindings/cli/serve.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/interrupt.hpp"
#include "bindings/cli/output.hpp"
#include "bindings/cli/sample/misbehaving_server.hpp"

namespace headrace::cli {
namespace {

void wait_for(std::stop_token stop) {
  const StopDescriptor stopped(std::move(stop));
  pollfd watched{.fd = stopped.number(), .events = POLLIN, .revents = 0};
  while (::poll(&watched, 1, -1) < 0 && errno == EINTR) continue;
}

std::string count_of(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

int run_serve(const ServeArguments& arguments, std::stop_token stop) {
  const sample::Misbehaviour& kind = *sample::find_misbehaviour(arguments.kind);
  const sample::MisbehavingServer server(kind);
  Output output(STDOUT_FILENO);
  output.write(server.origin() + "/\n" + std::string(kind.name) + ": " + std::string(kind.what) +
               "\n");
  if (output.ok()) wait_for(std::move(stop));
  const sample::Tally tally = server.tally();
  output.write(count_of(tally.connections, "connection") + ", " +
               count_of(tally.requests, "request") + ", " + count_of(tally.answers, "answer") +
               "\n");
  if (output.ok()) return exit_done;
  complain(output.problem());
  return exit_failed;
}

}  // namespace headrace::cli
