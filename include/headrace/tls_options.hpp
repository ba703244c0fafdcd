#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace headrace {

enum class TlsVersion : std::uint8_t { v1_2, v1_3 };

/// What is not verified of a server. Anything but `no` lets whoever stands on the path read and
/// change everything, or lets whoever has a certificate do so: for tests, and for appliances that
/// nothing better can be had of.
enum class Insecure : std::uint8_t {
  no,        ///< chain and name are verified (RFC 9110 §4.3.4)
  any_name,  ///< the chain is, the name is not: any certificate of a trusted authority will do
  anything,  ///< any certificate will do
};

/// How https connections prove who both ends are. Engines take an instance for all their origins
/// (`Options::tls`) and others for single ones (`OriginOptions::tls`); connections and resumable
/// sessions never cross from one to another.
///
/// Files are read, and the passphrase is asked for, while the engine is made (once for each of its
/// loops, and again in a forked child). What cannot be read is an error then, `tls_failed`, and its
/// detail names the file and the reason. No secret is ever in a detail.
struct TlsOptions {
  /// Authorities to trust: a PEM file, a directory of PEM files under their hashes (`openssl
  /// rehash`) that are read as they are needed, PEM text. What is given counts together; none
  /// given, it is the system's trust store, otherwise never.
  std::string ca_file = {};
  std::string ca_directory = {};
  std::string ca_pem = {};
  /// Revocation lists, PEM. When given, every certificate of a chain must have its issuer's list
  /// there: one without is refused as one that is revoked is (RFC 5280 §6.3).
  std::string crl_file = {};

  /// The client's certificate, for servers that ask for one: PEM, the issuers after it that the
  /// server may lack. As a file or as text, not both.
  std::string certificate_file = {};
  std::string certificate_pem = {};
  /// Its private key, PEM, PKCS #8 or the older forms. Neither given, it stands beside the
  /// certificate.
  std::string key_file = {};
  std::string key_pem = {};
  /// Gives the passphrase of an encrypted key, at most 1024 bytes; not called for any other. Called
  /// on the thread that makes the engine (in a forked child: that submits). What it throws becomes
  /// a `tls_failed`.
  std::function<std::string()> key_passphrase = {};

  TlsVersion version_min = TlsVersion::v1_2;  ///< older ones are never spoken (RFC 8996)
  /// What to offer over TLS 1.2, as OpenSSL's cipher lists say it ("ECDHE+AESGCM"); empty: what
  /// OpenSSL and the system's policy have.
  std::string ciphers = {};
  /// The same over TLS 1.3: names with colons between them ("TLS_AES_128_GCM_SHA256").
  std::string ciphersuites = {};

  Insecure insecure = Insecure::no;

  /// Appends the secrets of every connection to this file, in the format that SSLKEYLOGFILE has
  /// elsewhere: whoever has it can decrypt what was recorded of the traffic. For debugging. The
  /// engine itself reads no environment. Made with mode 0600; a line that cannot be written later
  /// (a full disk) is left out.
  std::string key_log_file = {};
};

}  // namespace headrace
