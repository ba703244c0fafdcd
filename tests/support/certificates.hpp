#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace headrace::test {

// Certificates made by tests: an authority of its own, an intermediate one below that, and whatever
// leaves a test asks for, as PEM files in a temporary directory that goes away with the object.
//
//     const Certificates made;
//     const auto server = made.issue({.dns = {"localhost"}, .ips = {"127.0.0.1", "::1"}});
//     // the server:  server.chain_file, server.key_file      the client:  made.ca_file()
class Certificates {
 public:
  // What a leaf says. Subject alternative names are written only when some are given.
  struct Leaf {
    std::string common_name = "headrace test server";
    std::vector<std::string> dns = {};  // any bytes
    std::vector<std::string> ips = {};  // "127.0.0.1", "::1"
    bool expired = false;               // its last day was the day before yesterday
    bool not_yet_valid = false;         // its first day is the day after tomorrow
    unsigned rsa_bits = 0;              // a key of RSA instead of P-256
    bool sha1 = false;                  // how it is signed
    std::string usage = "serverAuth";
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

  // A leaf signed by the intermediate authority, which the chain file holds too if so wished.
  Files issue_by_intermediate(const Leaf& leaf, bool whole_chain) const;

  // A leaf that signed itself and that no authority knows.
  Files self_signed(const Leaf& leaf) const;

  // The authority's revocation list, on which is this leaf: a PEM file. Without a leaf it is empty.
  std::string revocation_list(const std::optional<Files>& revoked = {}) const;

  // A copy of the leaf's key, encrypted: a PEM file.
  std::string encrypted_key(const Files& files, const std::string& passphrase) const;

  // A directory that holds the authority's certificate under its hash.
  std::string ca_directory() const;

  std::string directory() const { return directory_.path().string(); }

 private:
  struct Authority;

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  Files make(const Leaf& leaf, const Authority* issuer) const;

  const TemporaryDirectory directory_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<Authority> intermediate_;
  mutable int made_ = 0;
};

// Those that a program's tests share; made when the first asks, since keys take their time.
const Certificates& certificates();

}  // namespace headrace::test
