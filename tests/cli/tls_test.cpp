// The program's TLS flags against live servers.

#include "tests/cli/program.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;

namespace {

// Answers every GET with who asks.
struct Answering {
  explicit Answering(const ServerTls& tls) : server(tls) {
    server.serve([](Peer& peer) {
      peer.read_request();
      peer.send(ok("", "X-Client: " + peer.tls().client_subject() + "\r\n"));
      peer.expect_closed();
    });
  }

  Finished ask(std::vector<std::string> flags,
               std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> all = {"fetch", "--jsonl"};
    all.insert(all.end(), flags.begin(), flags.end());
    return headrace_program(all, R"({"id":"a","url":")" + server.url() + "\"}\n",
                            std::move(environment));
  }

  ScriptedServer server;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("fetch: a directory of authorities, a least version and a revocation list") {
  const auto files = certificates().issue({.ips = {"127.0.0.1"}});
  ServerTls tls = showing(files);
  tls.version_max = TLS1_2_VERSION;
  Answering there(tls);
  const std::string folder = certificates().ca_directory();
  CHECK(there.ask({"--capath", folder}).status == 0);
  CHECK(there.ask({"--cacert", certificates().ca_file()}).status == 0);
  CHECK(holds(there.ask({"--capath", folder, "--tls-min", "1.3"}).output, "protocol version"));
  const std::string list = certificates().revocation_list(files);
  CHECK(holds(there.ask({"--capath", folder, "--crlfile", list}).output, "certificate revoked"));
}

TEST_CASE("fetch: the two grades of insecure") {
  Answering there(showing(certificates().issue({.dns = {"other.example"}})));
  const std::string ca = certificates().ca_file();
  CHECK(holds(there.ask({"--ca", ca}).output, "IP address mismatch"));
  CHECK(there.ask({"--ca", ca, "--insecure-name"}).status == 0);
  CHECK(holds(there.ask({"--insecure-name"}).output, "unable to get local issuer certificate"));
  CHECK(there.ask({"--insecure"}).status == 0);
}

TEST_CASE("fetch: a client certificate with its key, and the passphrase out of a file") {
  ServerTls tls = showing(certificates().issue({.ips = {"127.0.0.1"}}));
  tls.client_ca_file = certificates().ca_file();
  Answering there(tls);
  const TemporaryDirectory folder;
  write_file(folder / "passphrase", "open sesame\n");
  const auto client = certificates().issue({.common_name = "me", .usage = "clientAuth"});
  const std::string encrypted = certificates().encrypted_key(client, "open sesame");
  std::vector<std::string> flags{"--ca", certificates().ca_file(), "--cert", client.chain_file,
                                 "--key"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), flags.begin(), flags.end());
    return there.ask(std::move(more));
  };
  const std::string passphrase = (folder / "passphrase").string();
  CHECK(holds(with({client.key_file}).output, "/CN=me"));
  CHECK(holds(with({encrypted, "--key-passphrase-file", passphrase}).output, "/CN=me"));

  const Finished without = with({encrypted});
  CHECK(without.status == 2);
  CHECK(holds(without.errors, "is encrypted"));
  const Finished missing = with({encrypted, "--key-passphrase-file", passphrase + "-not"});
  CHECK(missing.status == 2);
  CHECK(holds(missing.errors, "cannot open " + passphrase + "-not"));
  write_file(folder / "passphrase", "open barley\n");
  const Finished wrong = with({encrypted, "--key-passphrase-file", passphrase});
  CHECK(wrong.status == 2);
  CHECK(holds(wrong.errors, "cannot decrypt the key in the key file \"" + encrypted));
  CHECK_FALSE(holds(wrong.errors, "barley"));
}

TEST_CASE("fetch: SSLKEYLOGFILE logs the keys, and says so") {
  Answering there(showing(certificates().issue({.ips = {"127.0.0.1"}})));
  const TemporaryDirectory folder;
  const std::string file = (folder / "keys").string();
  const Finished logged = there.ask({"--ca", certificates().ca_file()}, {{"SSLKEYLOGFILE", file}});
  CHECK(logged.status == 0);
  CHECK(holds(logged.errors, "SSLKEYLOGFILE is set: whoever reads " + file));
  CHECK(holds(read_file(file), "CLIENT_TRAFFIC_SECRET_0 "));
}

TEST_CASE("inventory: a server name that is not the URL's host") {
  ScriptedServer server(showing(certificates().issue({.dns = {"engine.example"}})));
  server.serve([](Peer& peer) {
    for (;;) {
      peer.read_request();
      peer.send(ok("{}"));
    }
  });
  const TemporaryDirectory folder;
  write_file(folder / "token", "t");
  const auto ask = [&](const std::string& name) {
    return headrace_program({"inventory", "ovirt", "--url", server.url("/api"), "--token-file",
                             (folder / "token").string(), "--ca", certificates().ca_file(),
                             "--collections", "vms", "--server-name", name});
  };
  CHECK(holds(ask("other.example").output, "wanted other.example"));
  const Finished right = ask("engine.example");
  INFO(right.output << right.errors);
  CHECK_FALSE(holds(right.output, "tls_failed"));
  CHECK(server.accept_count() == 2);
}
