#include "bindings/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/fetch_request.hpp"
#include "bindings/cli/output.hpp"
#include "bindings/cli/sample/misbehaviour.hpp"
#include "bindings/inventory/ovirt.hpp"
#include "headrace/version.hpp"

namespace headrace::cli {
namespace {

constexpr const char* main_footer =
    "Examples:\n"
    "  headrace demo\n"
    "  headrace inventory ovirt --url https://engine.example --user admin@internal \\\n"
    "      --password-file ~/.ovirt-password > inventory.ndjson\n"
    "  echo '{\"id\":\"a\",\"url\":\"https://example.com/\"}' | headrace fetch --jsonl\n"
    "\n"
    "Exit codes: 0 all is well, 1 something failed or is missing, 2 wrong usage, 130 interrupted.";

constexpr const char* demo_footer =
    "Starts a sample server inside the program, on a loopback port, that answers each request\n"
    "after the delay, and fetches the inventory of its machines three times: one request after\n"
    "the other, over several connections, and over as many with pipelining. A run of less than\n"
    "a second is done three times, and the fastest counts.\n"
    "\n"
    "With --server KIND it is a server that misbehaves in a named way, for other clients to be\n"
    "tried on: it prints its URL and what it does, and serves until it is interrupted. Answers\n"
    "hold the path that was asked for. --server list names the kinds.\n"
    "\n"
    "Examples:\n"
    "  headrace demo\n"
    "  headrace demo --machines 1000 --delay-ms 5 --connections 10 --pipeline 50 --json\n"
    "  headrace demo --server ignores_followers";

constexpr const char* fetch_footer =
    "Each line of standard input is one request, only id and url are needed:\n"
    "  "
    "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"http://127.0.0.1:8080/"
    "x\",\"headers\":[[\"K\",\"V\"]],\n"
    "   \"body\":\"text\",\"body_base64\":\"...\",\"timeout_ms\":5000,\n"
    "   \"repeat\":\"by_method|allowed|forbidden\"}\n"
    "Requests are sent as they are read. Each line of standard output is one answer, as it "
    "comes:\n"
    "  {\"id\":\"a\",\"status\":200,\"http_version\":\"1.1\",\"reason\":\"OK\",\"headers\":[...],\n"
    "   \"trailers\":[],\"body_base64\":\"...\",\"attempts\":1,\"error\":null}\n"
    "  "
    "{\"id\":\"b\",\"error\":{\"code\":\"connect_failed\",\"message\":\"...\",\"progress\":"
    "\"queued\",\n"
    "   \"attempts\":0,\"safe_to_repeat\":true}}\n"
    "\n"
    "Example:\n"
    "  printf '{\"id\":\"a\",\"url\":\"http://127.0.0.1:8080/\"}\\n' | headrace fetch --jsonl\n"
    "\n"
    "TLS keys are logged to the file that the environment variable SSLKEYLOGFILE names. Without\n"
    "--proxy those of http_proxy, https_proxy, all_proxy and no_proxy count.\n"
    "\n"
    "Exit codes: 0 every line had a response, 1 some failed, 2 wrong usage, 130 interrupted.";

constexpr const char* ovirt_footer =
    "Writes one line of JSON per item to standard output as soon as it is complete, one per thing\n"
    "that is missing, and a summary to standard error:\n"
    "  {\"collection\":\"vms\",\"id\":\"..\",\"name\":\"..\",\"data\":{..},\"nics\":[..],...}\n"
    "  "
    "{\"collection\":\"vms\",\"id\":\"..\",\"part\":\"nics\",\"error\":{\"code\":\"..\","
    "\"message\":\"..\"}}\n"
    "\n"
    "The password comes from --password-file or the environment variable HEADRACE_PASSWORD. TLS\n"
    "keys are logged to the file that the environment variable SSLKEYLOGFILE names. Without "
    "--proxy\n"
    "those of http_proxy, https_proxy, all_proxy and no_proxy count.\n"
    "\n"
    "Examples:\n"
    "  headrace inventory ovirt --url https://engine.example --user admin@internal \\\n"
    "      --password-file ~/.ovirt-password --auth sso --ca engine-ca.pem\n"
    "  headrace inventory ovirt --url https://engine.example --token-file token --collections "
    "vms,hosts\n"
    "\n"
    "Exit codes: 0 complete, 1 partial or failed, 2 wrong usage, 130 interrupted.";

// What several commands say about their engine; turned into Options when all is read.
struct EngineFlags {
  Options options = {};
  std::size_t retries = Options{}.attempts_max - 1;
  std::int64_t timeout_ms = Options{}.timeout.count();
  std::string pipelining = "learned";
  std::string profiles_file = {};
  TlsFlags tls = {};
  WayFlags ways = {};
  int verbose = 0;  // how often it was said

  Options result() const {
    Options made = options;
    if (verbose > 0)
      made.log = [least = verbose > 1 ? LogLevel::debug : LogLevel::info](LogLevel level,
                                                                          std::string_view line) {
        if (level >= least) complain(std::string(name_of(level)) + ": " + std::string(line));
      };
    made.attempts_max = static_cast<unsigned>(retries + 1);
    made.timeout = std::chrono::milliseconds(timeout_ms);
    made.pipelining = pipelining == "off"     ? Pipelining::off
                      : pipelining == "fixed" ? Pipelining::fixed
                                              : Pipelining::learned;
    if (timeout_ms > 0) made.connect_timeout = std::min(made.connect_timeout, made.timeout);
    made.connections_total_max = std::max(made.connections_total_max, made.connections_max);
    return made;
  }
};

void add_shape(CLI::App& command, unsigned& connections, unsigned& pipeline) {
  command.add_option("--connections", connections, "Connections to each server")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str();
  command
      .add_option("--pipeline", pipeline,
                  "Requests outstanding on a connection; 1 turns pipelining off")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str();
}

void add_engine_flags(CLI::App& command, EngineFlags& flags) {
  add_shape(command, flags.options.connections_max, flags.options.pipeline_depth);
  command
      .add_option("--retries", flags.retries,
                  "How often a request is sent again when its connection is lost")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1000}))
      ->capture_default_str();
  command
      .add_option("--timeout", flags.timeout_ms,
                  "Milliseconds from reading a request to its last byte; 0 for no limit")
      ->check(CLI::Range(std::int64_t{0}, timeout_ms_max))
      ->capture_default_str();
  command
      .add_option("--pipelining", flags.pipelining,
                  "off, fixed, or learned: less of it at servers that it troubles")
      ->check(CLI::IsMember({"off", "fixed", "learned"}))
      ->capture_default_str();
  command.add_option("--profiles", flags.profiles_file,
                     "File to keep what was learned of servers in, from run to run");
  command
      .add_option("--rate", flags.options.requests_per_second,
                  "Requests per second to each server; 0 for no limit")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  command
      .add_option("--in-flight", flags.options.in_flight_max,
                  "Requests outstanding at each server; 0 for no limit")
      ->capture_default_str();
  command.add_flag("-v,--verbose", flags.verbose,
                   "Say on standard error what costs time or answers; twice: all that happens to "
                   "connections");
  add_way_flags(command, flags.ways);
  add_tls_flags(command, flags.tls);
}

struct Commands {
  CLI::App app{
      "Fetches many small things over few connections, with HTTP pipelining done with "
      "care.",
      "headrace"};
  CLI::App* demo = nullptr;
  CLI::App* fetch = nullptr;
  CLI::App* ovirt = nullptr;

  DemoArguments demo_arguments;
  std::optional<std::string> server;
  std::int64_t delay_ms = 20;
  EngineFlags fetch_flags;
  bool jsonl = false;
  EngineFlags inventory_flags;
  InventoryArguments inventory;
  std::string auth = "basic";
  std::string server_name;

  Commands();

 private:
  void add_demo();
  void add_fetch();
  void add_inventory();
  void refuse_password();
};

Commands::Commands() {
  app.set_version_flag("--version", "headrace " HEADRACE_VERSION);
  app.require_subcommand(1);
  app.footer(main_footer);
  add_demo();
  add_fetch();
  add_inventory();
}

void Commands::add_demo() {
  demo = app.add_subcommand("demo", "Measure an inventory with and without pipelining");
  demo->footer(demo_footer);
  demo->add_option("--machines", demo_arguments.machines, "Machines that the server lists")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  demo->add_option("--delay-ms", delay_ms, "Milliseconds from a request to its answer")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{60'000}))
      ->capture_default_str();
  add_shape(*demo, demo_arguments.connections, demo_arguments.pipeline);
  demo->add_flag("--json", demo_arguments.json, "Print one JSON object instead of a table");
  CLI::Option* const kind = demo->add_option(
      "--server", server, "Serve in a way that clients meet in the field, or list the ways");
  for (CLI::Option* const other : demo->get_options({}))
    if (other != kind && other != demo->get_help_ptr()) kind->excludes(other);
}

void Commands::add_fetch() {
  fetch = app.add_subcommand("fetch", "Send requests read from standard input");
  fetch->footer(fetch_footer);
  fetch->add_flag("--jsonl", jsonl, "Requests and answers are JSON, one a line (the only format)");
  add_engine_flags(*fetch, fetch_flags);
  fetch
      ->add_option("--max-header-bytes", fetch_flags.options.head_bytes_max,
                   "Limit of a response's status line and header fields")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 30U))
      ->capture_default_str();
  fetch
      ->add_option("--max-body-bytes", fetch_flags.options.body_bytes_max,
                   "Limit of a response's body")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 40U))
      ->capture_default_str();
}

void Commands::add_inventory() {
  CLI::App* const parent = app.add_subcommand("inventory", "List what a service has, as JSON rows");
  parent->require_subcommand(1);
  ovirt =
      parent->add_subcommand("ovirt", "Machines, hosts, clusters, storage and networks of oVirt");
  ovirt->footer(ovirt_footer);
  ovirt->add_option("--url", inventory.url, "https://HOST or https://HOST/ovirt-engine/api")
      ->required();
  ovirt->add_option("--user", inventory.user, "Who logs in, such as admin@internal");
  ovirt->add_option("--password-file", inventory.password_file,
                    "File with the password, else HEADRACE_PASSWORD of the environment");
  ovirt->add_option("--token-file", inventory.token_file,
                    "File with a bearer token, instead of user and password");
  ovirt->add_option("--auth", auth, "basic, or sso: one login for a token")
      ->check(CLI::IsMember({"basic", "sso"}))
      ->capture_default_str();
  ovirt->add_option("--page-size", inventory.page_size, "Items to a page")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  std::vector<std::string> names;
  for (const auto& collection : inventory::ovirt_collections()) names.push_back(collection.name);
  ovirt
      ->add_option("--collections", inventory.collections,
                   "Which collections, separated by commas (default: all)")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  add_engine_flags(*ovirt, inventory_flags);
  ovirt->add_option("--server-name", server_name,
                    "Name that the server's certificate must have, where the URL has an address");
  refuse_password();
}

// Other users see a command line. The option exists so that its value is in no message either.
void Commands::refuse_password() {
  const auto refuse = [](const std::string&) -> bool {
    throw CLI::ValidationError(
        "a password may not stand on the command line, where others can see it: use "
        "--password-file or the environment variable HEADRACE_PASSWORD");
  };
  ovirt
      ->add_option("--password",
                   CLI::callback_t([refuse](const CLI::results_t&) { return refuse({}); }))
      ->group("");
}

Ending usage_error(const std::string& command, const std::string& message) {
  return {.exit_code = exit_usage,
          .text = "headrace: " + message + "\nTry '" + command + " --help'.\n"};
}

std::string command_name(const Commands& commands) {
  if (commands.demo->parsed()) return "headrace demo";
  if (commands.fetch->parsed()) return "headrace fetch";
  if (commands.ovirt->parsed()) return "headrace inventory ovirt";
  return "headrace";
}

// Arguments that nobody asked for may be a mistyped secret: say how many, not which, unless it is
// an option's name.
std::string describe(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::string options;
  for (const std::string& extra : app.remaining(true)) {
    if (!extra.starts_with('-')) continue;
    options += (options.empty() ? "" : ", ") + extra.substr(0, extra.find('='));
  }
  if (options.empty()) return "there is one argument too many";
  return "there is no option " + options;
}

Arguments finish_inventory(Commands& commands) {
  InventoryArguments& made = commands.inventory;
  const std::string command = "headrace inventory ovirt";
  const bool http = made.url.starts_with("http://") || made.url.starts_with("https://");
  if (!http) return usage_error(command, "--url must begin with https:// (or http://)");
  const std::size_t path = made.url.find('/', made.url.find("://") + 3);
  if (made.url.substr(0, path).find('@') != std::string::npos)
    return usage_error(command, "--url may not hold credentials: use --user and --password-file");
  if (made.url.find_first_of("?#") != std::string::npos)
    return usage_error(command, "--url may not hold a query or fragment");
  if (made.token_file.empty() == made.user.empty())
    return usage_error(command, "give either --user or --token-file");
  if (!made.token_file.empty() && !made.password_file.empty())
    return usage_error(command, "--password-file goes with --user, not with --token-file");
  made.options = commands.inventory_flags.result();
  made.tls = commands.inventory_flags.tls;
  made.ways = commands.inventory_flags.ways;
  if (!commands.server_name.empty())
    made.options.origins = {
        {.origin = made.url.substr(0, path), .server_name = commands.server_name}};
  made.profiles_file = commands.inventory_flags.profiles_file;
  made.sso = commands.auth == "sso";
  return made;
}

Arguments finish_server(const std::string& kind) {
  if (kind == "list") return Ending{.text = sample::list_of_misbehaviours()};
  if (sample::find_misbehaviour(kind) != nullptr) return ServeArguments{.kind = kind};
  return usage_error("headrace demo", "there is no such kind of server; there are\n" +
                                          sample::list_of_misbehaviours());
}

Arguments finish(Commands& commands) {
  if (commands.demo->parsed()) {
    if (commands.server) return finish_server(*commands.server);
    commands.demo_arguments.delay = std::chrono::milliseconds(commands.delay_ms);
    return commands.demo_arguments;
  }
  if (commands.fetch->parsed()) {
    if (!commands.jsonl)
      return usage_error("headrace fetch", "give --jsonl, the only format there is");
    return FetchArguments{.options = commands.fetch_flags.result(),
                          .tls = commands.fetch_flags.tls,
                          .ways = commands.fetch_flags.ways,
                          .profiles_file = commands.fetch_flags.profiles_file};
  }
  return finish_inventory(commands);
}

}  // namespace

Arguments parse_arguments(int count, const char* const* values) {
  Commands commands;
  try {
    commands.app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0)
      return usage_error(command_name(commands), describe(commands.app, error));
    std::ostringstream out;
    std::ostringstream ignored;
    commands.app.exit(error, out, ignored);
    return Ending{.text = out.str()};
  }
  return finish(commands);
}

}  // namespace headrace::cli
