#include "bindings/cli/arguments.hpp"

#include <cstdlib>

#include "tests/support/catch.hpp"

using namespace headrace::cli;
using namespace std::chrono_literals;

namespace {

Arguments parse(std::vector<const char*> values) {
  values.insert(values.begin(), "headrace");
  return parse_arguments(static_cast<int>(values.size()), values.data());
}

std::string usage_error(std::vector<const char*> values) {
  const Arguments arguments = parse(std::move(values));
  const auto* ending = std::get_if<Ending>(&arguments);
  return ending != nullptr && ending->exit_code == 2 ? ending->text : "accepted";
}

}  // namespace

TEST_CASE("options of fetch become the engine's, retries being attempts beyond the first") {
  const Arguments arguments =
      parse({"fetch", "--jsonl", "--connections", "300", "--pipeline", "7", "--retries", "0",
             "--timeout", "5000", "--max-header-bytes", "100", "--max-body-bytes", "200"});
  const auto* fetch = std::get_if<FetchArguments>(&arguments);
  REQUIRE(fetch != nullptr);
  CHECK(fetch->options.connections_max == 300);
  CHECK(fetch->options.connections_total_max == 300);
  CHECK(fetch->options.pipeline_depth == 7);
  CHECK(fetch->options.attempts_max == 1);
  CHECK(fetch->options.timeout == 5s);
  CHECK(fetch->options.connect_timeout == 5s);
  CHECK(fetch->options.head_bytes_max == 100);
  CHECK(fetch->options.body_bytes_max == 200);
}

TEST_CASE("TLS is set up in curl's words, and as it is when nothing is said") {
  const Arguments said = parse({"fetch", "--jsonl", "--cacert", "a", "--capath", "b", "--crlfile",
                                "c", "--cert", "d", "--key", "e", "--tls-min", "1.3", "--ciphers",
                                "f", "--tls13-ciphers", "g", "--insecure"});
  REQUIRE(std::holds_alternative<FetchArguments>(said));
  const auto made = finish_tls(std::get<FetchArguments>(said).tls);
  REQUIRE(made);
  CHECK(made->ca_file == "a");
  CHECK(made->ca_directory == "b");
  CHECK(made->crl_file == "c");
  CHECK(made->certificate_file == "d");
  CHECK(made->key_file == "e");
  CHECK(made->version_min == headrace::TlsVersion::v1_3);
  CHECK(made->ciphers == "f");
  CHECK(made->ciphersuites == "g");
  CHECK(made->insecure == headrace::Insecure::anything);

  const Arguments name = parse({"fetch", "--jsonl", "--ca", "a", "--insecure-name"});
  REQUIRE(std::holds_alternative<FetchArguments>(name));
  CHECK(finish_tls(std::get<FetchArguments>(name).tls)->insecure == headrace::Insecure::any_name);
  CHECK(finish_tls(std::get<FetchArguments>(name).tls)->ca_file == "a");

  ::unsetenv("SSLKEYLOGFILE");
  const auto nothing = finish_tls({});
  REQUIRE(nothing);
  CHECK(nothing->insecure == headrace::Insecure::no);
  CHECK(nothing->version_min == headrace::TlsVersion::v1_2);
  CHECK(nothing->key_log_file.empty());
  CHECK_FALSE(nothing->key_passphrase);
}

TEST_CASE("what is not said stays as the engine has it") {
  const Arguments arguments = parse({"fetch", "--jsonl"});
  const auto* fetch = std::get_if<FetchArguments>(&arguments);
  REQUIRE(fetch != nullptr);
  const headrace::Options defaults;
  CHECK(fetch->options.attempts_max == defaults.attempts_max);
  CHECK(fetch->options.timeout == defaults.timeout);
  CHECK(fetch->options.connect_timeout == defaults.connect_timeout);
}

TEST_CASE("the demo and the inventory are understood") {
  const Arguments demo = parse({"demo", "--machines", "7", "--delay-ms", "3", "--json"});
  REQUIRE(std::holds_alternative<DemoArguments>(demo));
  CHECK(std::get<DemoArguments>(demo).machines == 7);
  CHECK(std::get<DemoArguments>(demo).delay == 3ms);
  CHECK(std::get<DemoArguments>(demo).json);

  const Arguments ovirt = parse({"inventory", "ovirt", "--url", "https://h", "--user", "u",
                                 "--auth", "sso", "--collections", "vms,hosts"});
  REQUIRE(std::holds_alternative<InventoryArguments>(ovirt));
  CHECK(std::get<InventoryArguments>(ovirt).sso);
  CHECK(std::get<InventoryArguments>(ovirt).collections ==
        std::vector<std::string>{"vms", "hosts"});
}

TEST_CASE("wrong usage says what is wrong and where help is") {
  CHECK(usage_error({}).find("subcommand") != std::string::npos);
  CHECK(usage_error({"fech"}).find("Try 'headrace --help'") != std::string::npos);
  CHECK(usage_error({"fetch"}).find("--jsonl") != std::string::npos);
  CHECK(usage_error({"fetch", "--jsonl", "--conections", "3"}).find("--conections") !=
        std::string::npos);
  CHECK(usage_error({"fetch", "--jsonl", "--connections", "0"}).find("--connections") !=
        std::string::npos);
  CHECK(usage_error({"fetch", "--jsonl", "--timeout", "-1"}).find("--timeout") !=
        std::string::npos);
  CHECK(usage_error({"fetch", "--jsonl", "--tls-min", "1.1"}).find("--tls-min") !=
        std::string::npos);
  CHECK(usage_error({"fetch", "--jsonl", "--key", "k.pem"}).find("--cert") != std::string::npos);
  CHECK(usage_error({"demo", "--delay-ms", "0"}).find("--delay-ms") != std::string::npos);
  CHECK(usage_error({"inventory"}).find("subcommand") != std::string::npos);
  CHECK(usage_error({"inventory", "ovirt", "--user", "u"}).find("--url") != std::string::npos);
  CHECK(usage_error({"inventory", "ovirt", "--url", "h", "--user", "u"}).find("https://") !=
        std::string::npos);
  CHECK(usage_error({"inventory", "ovirt", "--url", "https://h"}).find("--user") !=
        std::string::npos);
  CHECK(usage_error({"inventory", "ovirt", "--url", "https://h", "--user", "u", "--collections",
                     "vms,hots"})
            .find("--collections") != std::string::npos);
}

TEST_CASE("a password on the command line is refused and never repeated") {
  for (const auto& values : std::vector<std::vector<const char*>>{
           {"inventory", "ovirt", "--url", "https://h", "--user", "u", "--password", "hunter2"},
           {"inventory", "ovirt", "--url", "https://h", "--user", "u", "--password=hunter2"},
           {"inventory", "ovirt", "--url", "https://h", "--user", "u", "--pasword=hunter2"},
           {"inventory", "ovirt", "--url", "https://h", "--user", "u", "hunter2"},
           {"inventory", "ovirt", "--url", "https://u:hunter2@h", "--user", "u"}}) {
    const std::string message = usage_error(values);
    CHECK(message != "accepted");
    CHECK(message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("help and version go to standard output, with examples") {
  for (const auto& values : std::vector<std::vector<const char*>>{
           {"--help"}, {"demo", "--help"}, {"fetch", "--help"}, {"inventory", "ovirt", "-h"}}) {
    const Arguments arguments = parse(values);
    REQUIRE(std::holds_alternative<Ending>(arguments));
    CHECK(std::get<Ending>(arguments).exit_code == 0);
    CHECK(std::get<Ending>(arguments).text.find("Example") != std::string::npos);
  }
  CHECK(std::get<Ending>(parse({"--version"})).text.starts_with("headrace "));
}
