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
  std::string base_url = {};  ///< joined before a request's url that begins with "/"

  unsigned connections_max = 6;  ///< sockets per origin, those connecting included (browsers use 6)
  unsigned connections_total_max = 256;  ///< sockets of the whole engine
  unsigned pipeline_depth =
      10;  ///< requests outstanding on a connection; 1 is a plain keep-alive pool (APT: 10)
  bool pipeline_put_delete =
      false;  ///< let PUT and DELETE share a pipeline as GET does (RFC 9112 §9.3.2)

  unsigned attempts_max =
      3;  ///< how often a request may be written while heading a connection that is lost
  unsigned connect_attempts =
      3;  ///< failed dials in a row before the origin's queued requests fail

  std::chrono::milliseconds timeout{
      300'000};  ///< a request's deadline from submit to last byte; 0: none
  std::chrono::milliseconds connect_timeout{10'000};  ///< name, TCP and TLS together
  std::chrono::milliseconds idle_timeout{30'000};     ///< an unused connection is closed after this

  std::size_t queue_requests_max = 1'000'000;  ///< waiting requests per origin
  std::size_t queue_bytes_max = std::size_t{256}
                                << 20U;  ///< their bytes (heads and bodies) per origin

  std::size_t head_bytes_max =
      64 * 1024;  ///< a response's status line and fields (nginx 32 KiB, h11 16)
  std::size_t head_fields_max = 256;  ///< a response's field lines (Apache 100, Go 500)
  std::size_t body_bytes_max = std::size_t{256} << 20U;  ///< a response's body
  unsigned informational_max = 32;                       ///< 1xx responses before a final one

  TlsOptions tls = {};
};

}  // namespace headrace
