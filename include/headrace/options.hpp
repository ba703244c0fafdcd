#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace headrace {

/// How https connections prove who the server is. The defaults verify the chain against the
/// system's trust store and the name against the certificate's subjectAltName, TLS 1.2 and up.
struct TlsOptions {
  std::string ca_file = {};  ///< PEM bundle used instead of the system's trust store
  bool insecure =
      false;  ///< verify nothing: for tests only, anyone on the path can read and change everything
};

/// What an engine may do. Every limit is per engine unless it says otherwise; 0 never means "no
/// limit" but where said.
struct Options {
  /// Joined before a request's url that begins with "/".
  std::string base_url = {};

  /// Sockets per origin, those connecting included (browsers use 6).
  unsigned connections_max = 6;
  /// Sockets of the whole engine.
  unsigned connections_total_max = 256;
  /// Requests outstanding on a connection; 1 makes a plain keep-alive pool (APT uses 10).
  unsigned pipeline_depth = 10;
  /// Let PUT and DELETE share a pipeline as GET does (RFC 9112 §9.3.2).
  bool pipeline_put_delete = false;

  /// How often a request may be written while heading a connection that is lost.
  unsigned attempts_max = 3;
  /// Failed dials in a row before the origin's queued requests fail.
  unsigned connect_attempts = 3;

  /// A request's deadline, from submit to the response's last byte; 0: none (aiohttp: 5 minutes).
  std::chrono::milliseconds timeout{300'000};
  /// Resolving, TCP and TLS together.
  std::chrono::milliseconds connect_timeout{10'000};
  /// An unused connection is closed after this.
  std::chrono::milliseconds idle_timeout{30'000};

  /// Waiting requests per origin; over it submit answers `queue_full`.
  std::size_t queue_requests_max = 1'000'000;
  /// Their bytes, heads and bodies.
  std::size_t queue_bytes_max = std::size_t{256} << 20U;

  /// A response's status line, fields and trailers (nginx 32 KiB, h11 16 KiB).
  std::size_t head_bytes_max = std::size_t{64} << 10U;
  /// Their lines (Apache 100, Go 500).
  std::size_t head_fields_max = 256;
  /// A response's body.
  std::size_t body_bytes_max = std::size_t{256} << 20U;
  /// 1xx responses before a final one.
  unsigned informational_max = 32;

  TlsOptions tls = {};
};

}  // namespace headrace
