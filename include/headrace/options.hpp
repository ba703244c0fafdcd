#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headrace/log.hpp"
#include "headrace/proxy.hpp"
#include "headrace/tls_options.hpp"

namespace headrace {

/// How an origin's pipelines come about. A connection always has to deliver one good response
/// before it may hold more than one request, and after an unannounced failure the next one has to
/// do so again (RFC 9112 §9.3.2).
enum class Pipelining : std::uint8_t {
  off,      ///< one request at a time: a plain keep-alive pool
  fixed,    ///< `Options::pipeline_depth`, whatever happens but an answer where it does not belong
  learned,  ///< at first that depth; less, one request a segment, or none after trouble, and more
            ///< again in time
};

/// What holds for one origin instead of the engine's own options.
struct OriginOptions {
  std::string origin = {};  ///< "https://cloud.example" or "http://10.0.0.1:8080", without a path
  std::optional<Pipelining> pipelining = {};
  std::optional<double> requests_per_second = {};
  std::optional<unsigned> in_flight_max = {};
  /// Instead of all of `Options::tls`, not only of what is said here. Of an https origin.
  std::optional<TlsOptions> tls = {};
  /// Whom the certificate must name, and SNI asks for, where that is not the host of `origin`: a
  /// server that is addressed by its IP, say. A name or an IP address; `Host` stays what the URL
  /// says. Of an https origin.
  std::string server_name = {};
  /// Connect to the Unix socket of this path, whatever host and port are; `Host`, and what TLS
  /// verifies, stay those of `origin`.
  std::string unix_socket = {};
  /// Instead of `Options::http_proxy` or `https_proxy`, and whatever `no_proxy` says; one without a
  /// url: none at all.
  std::optional<Proxy> proxy = {};
};

/// Where a host is, for whom the system's resolver is not to be asked. As curl's `--resolve`.
struct HostAddresses {
  std::string host = {};   ///< as in URLs, an IPv6 address without brackets; "*" is any
  std::uint16_t port = 0;  ///< that the URL has or implies; 0 is any
  std::vector<std::string> addresses = {};  ///< IP addresses, to be tried in this order
};

/// What an engine may do. Every limit is per engine unless it says otherwise; 0 never means "no
/// limit" but where said.
struct Options {
  /// Joined before a request's url that begins with "/".
  std::string base_url = {};

  /// Event loops, each with a thread and a core of its own, 1 to 256: for more requests a second
  /// than one processor can bear. They share out the connections, requests and rates that are
  /// allowed, so each of those limits must be at least as many, but for `in_flight_max`: an origin
  /// under a smaller one is served by one loop alone. What is learned of an origin, the budget for
  /// sending again and pauses between dials are each loop's own.
  unsigned loops = 1;

  /// Sockets per origin, those connecting included (browsers use 6).
  unsigned connections_max = 6;
  /// Sockets of the whole engine.
  unsigned connections_total_max = 256;
  Pipelining pipelining = Pipelining::learned;
  /// Requests outstanding on a connection (APT uses 10).
  unsigned pipeline_depth = 10;
  /// Let PUT and DELETE share a pipeline as GET does (RFC 9112 §9.3.2).
  bool pipeline_put_delete = false;

  /// How often a request may be written: while heading connections that are lost, and again while
  /// `retry_statuses` come back.
  unsigned attempts_max = 3;
  /// Statuses after which a repeatable request is asked again, {429, 503} for instance. After a
  /// pause: what `Retry-After` says, or else up to `retry_pause`, doubling. An answer is handed
  /// over as it is when the pause would be over `retry_pause_max` or the deadline.
  std::vector<int> retry_statuses = {};
  std::chrono::milliseconds retry_pause{500};
  std::chrono::milliseconds retry_pause_max{30'000};
  /// Failed dials in a row before the origin's queued requests fail.
  unsigned connect_attempts = 3;

  /// A request's deadline, from submit to the response's last byte, of a streamed one to its head;
  /// 0: none (aiohttp: 5 minutes).
  std::chrono::milliseconds timeout{300'000};
  /// Resolving, TCP and TLS together.
  std::chrono::milliseconds connect_timeout{10'000};
  /// The TLS handshake alone; 0: only `connect_timeout` limits it.
  std::chrono::milliseconds tls_timeout{0};
  /// The server takes nothing of what is being written; 0: no limit.
  std::chrono::milliseconds write_timeout{0};
  /// How long a request with "Expect: 100-continue" holds its body back (curl: 1 s);
  /// 0: no limit.
  std::chrono::milliseconds expect_timeout{1'000};
  /// A request heads its pipeline and nothing of its answer comes; 0: no limit (undici: 300 s).
  std::chrono::milliseconds first_byte_timeout{0};
  /// Nothing more comes of an answer that has begun; 0: no limit (undici: 300 s).
  std::chrono::milliseconds body_timeout{0};
  /// A pipeline is silent for so long with requests waiting behind its head: those that may be
  /// repeated move to other connections. Where there is room elsewhere they do so sooner, when the
  /// silence is unusual for this server (twice its longest, at least 40 ms).
  std::chrono::milliseconds hang_timeout{2'000};

  /// An unused connection is closed after this, or a second before the server's own
  /// `Keep-Alive: timeout`.
  std::chrono::milliseconds idle_timeout{30'000};
  /// A connection takes no new request after this, give or take a tenth; 0: no limit.
  std::chrono::milliseconds connection_lifetime{0};
  /// Requests written to one connection; 0: no limit but what the server shows to have.
  unsigned connection_requests_max = 0;

  /// Requests started per second, each time one is written counting; 0: no limit.
  double requests_per_second = 0;
  /// Requests outstanding at an origin on all its connections together; 0: no limit.
  unsigned in_flight_max = 0;

  /// Waiting requests per origin; over it submit answers `queue_full`.
  std::size_t queue_requests_max = 1'000'000;
  /// Their bytes, heads and bodies.
  std::size_t queue_bytes_max = std::size_t{256} << 20U;

  /// A response's status line, fields and trailers (nginx 32 KiB, h11 16 KiB).
  std::size_t head_bytes_max = std::size_t{64} << 10U;
  /// Their lines (Apache 100, Go 500).
  std::size_t head_fields_max = 256;
  /// A response's body, unless it is streamed.
  std::size_t body_bytes_max = std::size_t{256} << 20U;
  /// 1xx responses before a final one.
  unsigned informational_max = 32;

  TlsOptions tls = {};

  /// The first entry that fits an origin's host and port counts.
  std::vector<HostAddresses> host_addresses = {};
  /// The Unix socket of all origins that have neither that nor a proxy of their own; empty: they
  /// are reached by TCP.
  std::string unix_socket = {};
  /// The proxies of http and of https origins.
  Proxy http_proxy = {};
  Proxy https_proxy = {};
  /// For which hosts these are not used, as curl's NO_PROXY: names (those below them included),
  /// IP addresses and networks ("10.0.0.0/8"), with commas or blanks between, or "*" alone for all.
  std::string no_proxy = {};

  /// Exceptions, by origin.
  std::vector<OriginOptions> origins = {};
  /// What an earlier engine learned of its origins: the text that `Engine::profiles` gave.
  std::string profiles = {};

  /// Is told what happens to connections and origins; none: nobody is.
  Log log = {};
};

}  // namespace headrace
