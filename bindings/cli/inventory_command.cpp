#include "bindings/cli/inventory_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/no_engine.hpp"
#include "bindings/cli/output.hpp"
#include "bindings/cli/profiles_file.hpp"
#include "bindings/cli/secret.hpp"
#include "bindings/inventory/collect.hpp"
#include "bindings/inventory/ovirt.hpp"

namespace headrace::cli {
namespace {

class Lines final : public inventory::Sink {
 public:
  bool on_row(inventory::Row row) override { return write(to_json(row)); }
  bool on_error(inventory::RowError error) override { return write(to_json(error)); }
  std::string problem() const { return output_.problem(); }

 private:
  bool write(std::string line) { return output_.write(line += '\n'); }

  Output output_{STDOUT_FILENO};
};

std::expected<std::string, std::string> find_password(const InventoryArguments& arguments) {
  if (!arguments.password_file.empty()) return read_secret(arguments.password_file);
  const char* const password = std::getenv("HEADRACE_PASSWORD");
  if (password != nullptr && *password != '\0') return password;
  return std::unexpected(
      "there is no password: give --password-file or set the environment variable "
      "HEADRACE_PASSWORD");
}

std::expected<inventory::OvirtAuth, std::string> find_auth(const InventoryArguments& arguments) {
  if (!arguments.token_file.empty()) {
    auto token = read_secret(arguments.token_file);
    if (!token) return std::unexpected(std::move(token.error()));
    return inventory::OvirtToken{std::move(*token)};
  }
  auto password = find_password(arguments);
  if (!password) return std::unexpected(std::move(password.error()));
  if (arguments.sso) return inventory::OvirtSso{arguments.user, std::move(*password)};
  return inventory::OvirtBasic{arguments.user, std::move(*password)};
}

std::vector<inventory::Collection> choose(const std::vector<std::string>& names) {
  std::vector<inventory::Collection> chosen;
  for (const inventory::Collection& collection : inventory::ovirt_collections())
    if (names.empty() || std::ranges::count(names, collection.name) > 0)
      chosen.push_back(collection);
  return chosen;
}

void summarize(const inventory::Report& report) {
  for (const inventory::CollectionReport& one : report.collections) {
    complain(one.name + ": " + std::to_string(one.rows) + " rows, " + std::to_string(one.errors) +
             " errors, " + std::string(name_of(one.completeness)));
  }
  complain(std::to_string(report.requests) + " requests" +
           (report.interrupted ? ", interrupted" : ""));
}

int fail(const std::string& problem, int code) {
  complain(problem);
  return code;
}

}  // namespace

int run_inventory(const InventoryArguments& arguments, const std::stop_token& stop) {
  auto auth = find_auth(arguments);
  if (!auth) return fail(auth.error(), exit_usage);
  const inventory::Ovirt ovirt(
      {.url = arguments.url, .auth = std::move(*auth), .page_size = arguments.page_size});
  auto profiles = load_profiles(arguments.profiles_file);
  if (!profiles) return fail(profiles.error(), exit_failed);
  auto tls = finish_tls(arguments.tls);
  if (!tls) return fail(tls.error(), exit_usage);
  Options options = arguments.options;
  options.tls = std::move(*tls);
  const auto ways = finish_ways(arguments.ways, options);
  if (!ways) return fail(ways.error(), exit_usage);
  options.profiles = std::move(*profiles);
  options.base_url = inventory::ovirt_base_url(arguments.url);
  auto engine = Engine::create(std::move(options));
  if (!engine) return report_no_engine(engine.error());
  if (arguments.url.starts_with("http://"))
    complain("the password travels unencrypted: use https:// but for tests");

  Lines lines;
  const auto report =
      inventory::collect(*engine, ovirt, choose(arguments.collections), lines, stop);
  if (!lines.problem().empty()) return fail(lines.problem(), exit_failed);
  summarize(report);
  const std::string unsaved = save_profiles(arguments.profiles_file, *engine);
  if (!unsaved.empty()) return fail(unsaved, exit_failed);
  return report.complete() ? exit_done : exit_failed;
}

}  // namespace headrace::cli
