#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace headrace::test {

// Certificates for servers made by tests: an authority of its own and whatever leaves a test asks
// for, as PEM files in a temporary directory that goes away with the object.
//
//     const Certificates made;
//     const auto server = made.issue({.dns = {"localhost"}, .ips = {"127.0.0.1", "::1"}});
//     // the server:  server.chain_file, server.key_file      the client:  made.ca_file()
class Certificates {
 public:
  // What a leaf says. Subject alternative names are written only when some are given.
  struct Leaf {
    std::string common_name = "headrace test server";
    std::vector<std::string> dns = {};
    std::vector<std::string> ips = {};  // "127.0.0.1", "::1"
    bool expired = false;               // its last day was the day before yesterday
  };

  struct Files {
    std::string chain_file;  // the certificate, PEM
    std::string key_file;    // its key, PEM, not encrypted
  };

  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  // What a client must trust for the leaves of issue().
  std::string ca_file() const { return path("ca.pem"); }

  // A leaf signed by the authority. Throws std::runtime_error when OpenSSL refuses.
  Files issue(const Leaf& leaf) const;

  // A leaf that signed itself and that no authority knows.
  Files self_signed(const Leaf& leaf) const;

  std::string directory() const { return directory_.string(); }

 private:
  struct Authority;

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  Files make(const Leaf& leaf, const Authority* issuer) const;

  std::filesystem::path directory_;
  Authority* authority_ = nullptr;
  mutable int made_ = 0;
};

}  // namespace headrace::test
