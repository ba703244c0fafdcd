#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>

#include "bindings/cli/arguments.hpp"
#include "bindings/cli/demo.hpp"
#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/fetch.hpp"
#include "bindings/cli/interrupt.hpp"
#include "bindings/cli/inventory_command.hpp"
#include "bindings/cli/output.hpp"
#include "bindings/cli/serve.hpp"

namespace headrace::cli {
namespace {

int end(const Ending& ending) {
  Output output(ending.exit_code == exit_done ? STDOUT_FILENO : STDERR_FILENO);
  if (output.write(ending.text)) return ending.exit_code;
  complain(output.problem());
  return exit_failed;
}

int run(const Arguments& arguments, const std::stop_token& stop) {
  if (const auto* demo = std::get_if<DemoArguments>(&arguments)) return run_demo(*demo, stop);
  if (const auto* serve = std::get_if<ServeArguments>(&arguments)) return run_serve(*serve, stop);
  if (const auto* fetch = std::get_if<FetchArguments>(&arguments)) return run_fetch(*fetch, stop);
  return run_inventory(std::get<InventoryArguments>(arguments), stop);
}

// libuv asks for names on half of its threads, two unless it is told otherwise: as many names whose
// servers are silent would hold up all others. It reads this when it begins to have threads.
void have_threads_for_names() { ::setenv("UV_THREADPOOL_SIZE", "16", 0); }

int run(int count, const char* const* values) {
  const Arguments arguments = parse_arguments(count, values);
  if (const auto* ending = std::get_if<Ending>(&arguments)) return end(*ending);
  // A closed pipe is then an error of write(), which says so and ends in order.
  std::signal(SIGPIPE, SIG_IGN);
  const Interrupt interrupt;
  return interrupt.exit_code(run(arguments, interrupt.token()));
}

}  // namespace
}  // namespace headrace::cli

int main(int count, char** values) {
  headrace::cli::hold_standard_descriptors();
  headrace::cli::have_threads_for_names();
  try {
    return headrace::cli::run(count, values);
  } catch (const std::exception& error) {
    headrace::cli::complain(error.what());
    return headrace::cli::exit_failed;
  }
}
