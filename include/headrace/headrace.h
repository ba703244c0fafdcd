/*
 * headrace for C, and for whatever can call C: persistent, pipelined HTTP/1.1 connections.
 *
 * Rules that hold throughout; bindings/c/README.md says them at length:
 *
 * - Threads: every function may be called from any thread at any time, but the three that end a
 *   handle (hr_engine_free, hr_future_free, hr_error_free), which need it to be otherwise unused.
 *   A future is one thread's at a time, apart from hr_future_ready and hr_future_cancel.
 * - Ownership: what a function of hr_*_create, hr_engine_submit* or hr_engine_stats* and
 *   hr_engine_profiles gives is the caller's to free, with the function named there. Everything
 *   else that is pointed to belongs to the handle it came from, and lives as long.
 * - What is passed in is read before the function returns, and not kept, but for callbacks and
 *   their contexts.
 * - Structs passed in begin with struct_size, to be set to sizeof; zero in any other field means
 *   its default. A library newer than the program takes the smaller structs of its time; an older
 *   one takes larger ones, as long as what it does not know is zero, and else refuses them.
 *   Structs given out begin with struct_size as the library has it, and grow at their end.
 * - Null handles and null strings of no length are allowed everywhere and do no harm.
 * - Nothing here throws, aborts or prints. Running out of memory is said by each function.
 */
#ifndef HEADRACE_HEADRACE_H
#define HEADRACE_HEADRACE_H

/* NOLINTBEGIN(modernize-deprecated-headers, modernize-redundant-void-arg): they are C's */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HR_API __attribute__((visibility("default")))
#else
#define HR_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What this header belongs to. */
#define HR_VERSION_MAJOR 0
#define HR_VERSION_MINOR 1
#define HR_VERSION_PATCH 0
#define HR_VERSION "0.1.0"

/* The library's version, "0.1.0". */
HR_API const char* hr_version(void);
/* Whether the library is this version or a later one, for programs that look it up themselves:
 * hr_version_check(HR_VERSION_MAJOR, HR_VERSION_MINOR, HR_VERSION_PATCH). */
HR_API bool hr_version_check(unsigned major, unsigned minor, unsigned patch);

/* Where 0 means the default: none, no limit. As a time to wait: for ever. */
#define HR_NONE (-1)

/* Bytes. Those that headrace gives end with a zero, not counted, but for the names and values of
 * fields. */
typedef struct hr_str {
  const char* data;
  size_t size;
} hr_str;

/* A string that ends with a zero, without that; null is empty. It is not copied. */
HR_API hr_str hr_str_from(const char* text);

/* One field line (RFC 9110 section 5). */
typedef struct hr_field {
  hr_str name;
  hr_str value;
} hr_field;

/* --- Errors ------------------------------------------------------------------------------- */

/* What went wrong; the numbers and names are stable. */
typedef int32_t hr_error_code;
enum {
  HR_OK = 0,
  HR_INVALID_ARGUMENT = 1, /* the request or an option was refused before anything was queued */
  HR_QUEUE_FULL = 2,       /* the origin's queue is at queue_requests_max or queue_bytes_max */
  HR_CLOSED = 3,           /* the engine was shut down before the request finished */
  HR_CANCELLED = 4,        /* by the caller */
  HR_TIMED_OUT = 5,        /* the request's deadline passed, wherever it was */
  HR_RESOLVE_FAILED = 6,   /* the host's name has no address */
  HR_CONNECT_FAILED = 7,   /* no address accepted a connection */
  HR_CONNECT_TIMEOUT = 8,  /* connecting took longer than connect_timeout_ms or tls_timeout_ms */
  HR_TLS_FAILED = 9,       /* the handshake failed, or a file of the TLS options is not usable */
  HR_PROXY_FAILED = 10,    /* the proxy refused a way to the origin */
  HR_CONNECTION_LOST = 11, /* the connection ended before the response was complete */
  HR_PROTOCOL_ERROR = 12,  /* the response broke RFC 9112 in a way that must not be repaired */
  HR_HEAD_TOO_LARGE = 13,  /* over head_bytes_max or head_fields_max */
  HR_BODY_TOO_LARGE = 14,  /* over body_bytes_max */
  HR_INFORMATIONAL_FLOOD = 15, /* more 1xx responses than informational_max */
  HR_STALLED = 16,             /* nothing moved within write_, first_byte_ or body_timeout_ms */
  HR_DESYNC = 17,              /* the server answered before it had the whole request */
  HR_WRONG_ANSWER = 18,        /* hr_request.verify refused the answer */
  HR_RETRY_SUPPRESSED = 19,    /* it might have been sent again, but too much has been lately */
  HR_FORKED = 20,              /* made before a fork, and this is the child */
  HR_INTERNAL = 21,            /* a defect of headrace: please report it */
  HR_NO_MEMORY = 100           /* the machine's memory does not suffice */
};

/* Where the request was when it failed. */
typedef int32_t hr_phase;
enum {
  HR_PHASE_QUEUE = 0,
  HR_PHASE_RESOLVE = 1,
  HR_PHASE_CONNECT = 2,
  HR_PHASE_TLS = 3,
  HR_PHASE_WRITE = 4,
  HR_PHASE_WAIT = 5,
  HR_PHASE_HEADERS = 6,
  HR_PHASE_BODY = 7
};

/* How far the request had come, never understated. */
typedef int32_t hr_progress;
enum {
  HR_QUEUED = 0,    /* no byte of it reached the network: any request may be sent again safely */
  HR_SENT = 1,      /* some did */
  HR_RESPONDING = 2 /* part of a response arrived */
};

/* "connection_lost"; for a number that is no code "unknown". Lives for ever. */
HR_API const char* hr_error_code_name(hr_error_code code);
/* What it means, in a sentence. Lives for ever. */
HR_API const char* hr_error_code_text(hr_error_code code);
HR_API const char* hr_phase_name(hr_phase phase);          /* "connect" */
HR_API const char* hr_progress_name(hr_progress progress); /* "sent" */

/* A failure. Bytes from the peer stand in its texts escaped and cut; secrets never do. */
typedef struct hr_error {
  size_t struct_size;
  hr_error_code code;
  hr_phase phase;
  hr_progress progress;
  uint32_t attempts;      /* how many times the request was written to a connection */
  int32_t safe_to_repeat; /* the method is idempotent, the caller allowed it, or nothing was sent */
  int32_t system_code;    /* errno or libuv's negative code, or OpenSSL's packed error; or 0 */
  uint64_t connection_id; /* the last connection it was on; 0 when there was none */
  hr_str origin;          /* "https://cloud.example:443"; empty when the URL did not give one */
  hr_str detail;          /* one sentence for a person */
  hr_str text;            /* all of it in a line, for a log */
} hr_error;

/* Ends an error that hr_engine_create gave; those of futures are the futures'. */
HR_API void hr_error_free(hr_error* error);

/* --- Options ------------------------------------------------------------------------------ */

typedef int32_t hr_pipelining;
enum {
  HR_PIPELINING_DEFAULT = 0, /* learned */
  HR_PIPELINING_OFF = 1,     /* one request at a time: a plain keep-alive pool */
  HR_PIPELINING_FIXED = 2,   /* pipeline_depth, whatever happens but a misplaced answer */
  HR_PIPELINING_LEARNED = 3  /* less after trouble, and more again in time */
};

typedef int32_t hr_tls_version;
enum { HR_TLS_DEFAULT = 0 /* 1.2 */, HR_TLS_1_2 = 1, HR_TLS_1_3 = 2 };

/* What is not verified of a server: for tests, and for appliances that nothing better can be had
 * of. */
typedef int32_t hr_insecure;
enum {
  HR_INSECURE_NO = 0,       /* chain and name are verified (RFC 9110 section 4.3.4) */
  HR_INSECURE_ANY_NAME = 1, /* the chain is, the name is not */
  HR_INSECURE_ANYTHING = 2  /* any certificate will do */
};

/* How https connections prove who both ends are. Files are read while the engine is made, and again
 * in a forked child; what cannot be read is HR_TLS_FAILED then. No secret is ever in an error. */
typedef struct hr_tls_options {
  size_t struct_size;
  /* Authorities to trust, which count together; none given, the system's. */
  hr_str ca_file;
  hr_str ca_directory; /* of PEM files under their hashes */
  hr_str ca_pem;
  /* Revocation lists, PEM. Then every certificate of a chain must have its issuer's list there. */
  hr_str crl_file;
  /* The client's certificate, PEM, with the issuers that the server may lack: a file or text. */
  hr_str certificate_file;
  hr_str certificate_pem;
  /* Its private key; neither given, it stands beside the certificate. */
  hr_str key_file;
  hr_str key_pem;
  /* Writes the passphrase of an encrypted key into the buffer and gives its length; less than 0
   * when there is none. Called on the thread that makes the engine, and in a forked child on the
   * one that submits: it and its context must live as long as the engine. */
  ptrdiff_t (*key_passphrase)(void* context, char* buffer, size_t size);
  void* key_passphrase_context;
  hr_tls_version version_min;
  hr_insecure insecure;
  hr_str ciphers;      /* TLS 1.2, as OpenSSL's lists say it; empty: the system's policy */
  hr_str ciphersuites; /* TLS 1.3, names with colons between them */
  /* Every connection's secrets are appended to this file: whoever has it can decrypt what was
   * recorded of the traffic. For debugging. */
  hr_str key_log_file;
} hr_tls_options;

/* What holds for one origin instead of the engine's own options. */
typedef struct hr_origin_options {
  size_t struct_size;
  hr_str origin;              /* "https://cloud.example", without a path */
  hr_pipelining pipelining;   /* HR_PIPELINING_DEFAULT: the engine's */
  int32_t reserved;           /* 0 */
  double requests_per_second; /* 0: the engine's; HR_NONE: no limit */
  int64_t in_flight_max;      /* 0: the engine's; HR_NONE: no limit */
  const hr_tls_options* tls;  /* null: the engine's; instead of all of them */
  hr_str server_name;         /* whom the certificate must name, when not the host of `origin` */
  hr_str unix_socket;         /* a path that its connections go to instead; empty: the engine's */
  hr_str proxy; /* as hr_options.http_proxy; empty: the engine's; "direct://": none at all */
} hr_origin_options;

/* Where a host is, for whom the system's resolver is not to be asked. As curl's --resolve. */
typedef struct hr_host_addresses {
  size_t struct_size;
  hr_str host;             /* as in URLs, an IPv6 address without brackets; "*" is any */
  int64_t port;            /* that the URL has or implies; 0 is any */
  const hr_str* addresses; /* IP addresses, to be tried in this order */
  size_t addresses_count;
} hr_host_addresses;

/* How much a line of the log matters. */
typedef int32_t hr_log_level;
enum {
  HR_LOG_DEBUG = 0,  /* the everyday: connections come and go */
  HR_LOG_INFO = 1,   /* what costs time: requests are sent again, pipelines get shorter */
  HR_LOG_WARNING = 2 /* what costs answers: requests fail with a connection, or for want of one */
};

HR_API const char* hr_log_level_name(hr_log_level level); /* "debug" */

/* What an engine may do; include/headrace/options.hpp says more of each. All limits are per engine
 * unless they say otherwise. 0 is the default in parentheses; HR_NONE is none or no limit where
 * that is allowed, which is where it is mentioned. */
typedef struct hr_options {
  size_t struct_size;
  hr_str base_url; /* joined before a request's url that begins with "/" */

  int64_t loops;                 /* event loops with a thread each (1) */
  int64_t connections_max;       /* per origin, those connecting included (6) */
  int64_t connections_total_max; /* (256) */
  int64_t pipeline_depth;        /* requests outstanding on a connection (10) */
  hr_pipelining pipelining;      /* (learned) */
  int32_t pipeline_put_delete;   /* 1: PUT and DELETE share a pipeline as GET does (0) */

  int64_t attempts_max;          /* how often a request may be written (3) */
  const int32_t* retry_statuses; /* after which a repeatable request is asked again (none) */
  size_t retry_statuses_count;
  int64_t retry_pause_ms;     /* without a Retry-After, doubling (500); HR_NONE */
  int64_t retry_pause_max_ms; /* (30,000); HR_NONE */
  int64_t connect_attempts;   /* failed dials in a row before queued requests fail (3) */

  int64_t timeout_ms;              /* from submit to the whole answer (300,000); HR_NONE */
  int64_t connect_timeout_ms;      /* resolving, TCP and TLS together (10,000) */
  int64_t tls_timeout_ms;          /* the handshake alone (no limit); HR_NONE */
  int64_t write_timeout_ms;        /* the server takes nothing (no limit); HR_NONE */
  int64_t first_byte_timeout_ms;   /* of the request at the head (no limit); HR_NONE */
  int64_t body_timeout_ms;         /* nothing more comes of an answer (no limit); HR_NONE */
  int64_t hang_timeout_ms;         /* a silent pipeline's followers move on (2,000) */
  int64_t idle_timeout_ms;         /* of an unused connection (30,000) */
  int64_t connection_lifetime_ms;  /* give or take a tenth (no limit); HR_NONE */
  int64_t connection_requests_max; /* written to one connection (no limit); HR_NONE */

  double requests_per_second; /* per origin (no limit); HR_NONE */
  int64_t in_flight_max;      /* per origin, on all connections (no limit); HR_NONE */
  int64_t queue_requests_max; /* per origin (1,000,000) */
  int64_t queue_bytes_max;    /* (256 MiB) */

  int64_t head_bytes_max;    /* a response's status line, fields and trailers (64 KiB) */
  int64_t head_fields_max;   /* (256) */
  int64_t body_bytes_max;    /* (256 MiB); HR_NONE: no body may come */
  int64_t informational_max; /* 1xx before a final response (32); HR_NONE: none may come */

  const hr_tls_options* tls;        /* null: all defaults */
  const hr_origin_options* origins; /* an array, each with the same struct_size */
  size_t origins_count;
  hr_str profiles; /* what hr_engine_profiles of an earlier engine gave */

  /* "http://user:password@proxy.example:3128", also https, socks5 and socks5h, credentials
   * percent-encoded. No environment is read. */
  hr_str http_proxy;  /* for http origins (none) */
  hr_str https_proxy; /* for https origins (none) */
  hr_str no_proxy;    /* hosts to reach without them, with commas between, as curl's NO_PROXY */
  hr_str unix_socket; /* a path that every connection goes to instead (none) */

  const hr_host_addresses* host_addresses; /* an array, each with the same struct_size; the first
                                            * entry that fits host and port counts */
  size_t host_addresses_count;

  /* Is told what happens to connections and origins: a line for a person, which names connections
   * by their connection_id and holds nothing of a request nor any secret. Called on the loop's
   * thread, on several at once where there are several loops: it must be quick, and call none of
   * this engine's functions. The line lives for the call, the context must as long as the engine.
   * (nobody) */
  void (*log)(void* context, hr_log_level level, const char* line);
  void* log_context;
} hr_options;

/* --- Requests and responses --------------------------------------------------------------- */

/* One final response. */
typedef struct hr_response {
  size_t struct_size;
  int32_t status;         /* 100 to 599; any status is a response, not an error */
  int32_t http_minor;     /* 1 for HTTP/1.1, 0 for HTTP/1.0 */
  hr_str reason;          /* may be empty */
  hr_str body;            /* 64 bytes behind its end may be read, for SIMD parsers */
  size_t fields_count;    /* hr_response_field */
  size_t trailers_count;  /* hr_response_trailer */
  uint32_t attempts;      /* how many times the request was written */
  int32_t suspect;        /* the connection was found shifted: it may be another's answer */
  uint64_t connection_id; /* which connection answered, unique within the engine */
  int64_t queued_ns;      /* from submit to the last time it was written */
  int64_t connect_ns;     /* dialling, when it was the first on its connection, else HR_NONE */
  int64_t first_byte_ns;  /* from the last write to the response's first byte */
  int64_t total_ns;       /* from submit to the response's last byte */
} hr_response;

/* The lines in the order received, names as they were spelled; empty behind the last one. Any
 * number of threads at once. */
HR_API hr_field hr_response_field(const hr_response* response, size_t index);
HR_API hr_field hr_response_trailer(const hr_response* response, size_t index);
/* The first field of this name, in whatever case; false when there is none. */
HR_API bool hr_response_find(const hr_response* response, hr_str name, hr_str* value);

/* May the engine write a request more than once, and share a pipeline? */
typedef int32_t hr_repeat;
enum {
  HR_REPEAT_BY_METHOD = 0, /* as RFC 9110 section 9.2.2 says of the method */
  HR_REPEAT_ALLOWED = 1,   /* a second execution does no harm (a POST that only reads) */
  HR_REPEAT_FORBIDDEN = 2
};

/* One request. Host, Content-Length, Transfer-Encoding and Connection's framing are the engine's
 * to write. */
typedef struct hr_request {
  size_t struct_size;
  hr_str method; /* empty: GET */
  hr_str url;    /* absolute, http or https; or a path beginning with "/" after base_url */
  const hr_field* fields;
  size_t fields_count;
  hr_str body;
  int64_t timeout_ms; /* 0: hr_options.timeout_ms; HR_NONE: no limit */
  hr_repeat repeat;
  int32_t bulk;     /* 1: a large or slow answer is expected: never joins or heads a pipeline */
  int32_t announce; /* 1: once complete, hr_engine_take_ready gives the future */
  int32_t streamed; /* 1: the future is ready with the head; the body is for hr_future_read */
  /* Is this answer mine? False closes the connection, takes the origin off pipelining and sends
   * the request again if it may be repeated. Called on the loop's thread before the future
   * completes: it must only look, be quick, and not wait. The response lives for the call alone;
   * the context until the future is ready. */
  bool (*verify)(void* context, const hr_response* response);
  void* verify_context;
  void* user_data; /* for hr_future_user_data */
  /* Instead of `body`: writes the next bytes of it, `size` at most, and gives their number; 0 at
   * the end, less than 0 when they cannot be had, which fails the request. Called on the loop's
   * thread, where it must not wait; the context must live until the future is ready. Such a
   * request travels alone on its connection, and is not sent again once it was asked. */
  ptrdiff_t (*read_body)(void* context, char* buffer, size_t size);
  void* read_body_context;
  int64_t body_length; /* how many bytes there will be; 0: not known, they are sent chunked */
  /* The fields behind a body whose length is not known, such as its digest: points *fields at them
   * and gives their number. Called once behind the last piece, with read_body_context and as
   * read_body is; they are copied when it returns. What frames, routes or authenticates a request
   * has no place there (RFC 9110 section 6.5.1) and fails it. */
  size_t (*read_trailers)(void* context, const hr_field** fields);
} hr_request;

/* --- Engines ------------------------------------------------------------------------------ */

/* A pool of connections with an event loop on a thread of its own, or on a thread that waits. */
typedef struct hr_engine hr_engine;
/* One request's outcome, present or to come. */
typedef struct hr_future hr_future;

/* Starts an engine; null options are all defaults. Gives null when an option is wrong
 * (HR_INVALID_ARGUMENT, HR_TLS_FAILED), the machine refuses a thread or descriptor (HR_INTERNAL,
 * with the system's code) or memory (HR_NO_MEMORY), and says why in *error unless that is null: to
 * be freed with hr_error_free. On success *error is null. */
HR_API hr_engine* hr_engine_create(const hr_options* options, hr_error** error);

/* Shuts down without grace, which completes every unfinished future with HR_CLOSED before this
 * returns, and frees. Futures live on. Within a verify it does so soon afterwards. */
HR_API void hr_engine_free(hr_engine* engine);

/* Refuses new requests with HR_CLOSED, lets the outstanding ones finish for grace_ms (HR_NONE: as
 * long as they take), then fails them with HR_CLOSED. Returns when all are complete and threads
 * and connections are gone; within a verify at once. */
HR_API void hr_engine_shut_down(hr_engine* engine, int64_t grace_ms);

/* Queues one request; its I/O starts whether anybody waits or not. Whatever is wrong with it is
 * found in the future, which is ready then. Null: no memory, and nothing was queued. To be freed
 * with hr_future_free. */
HR_API hr_future* hr_engine_submit(hr_engine* engine, const hr_request* request);

/* As hr_engine_submit, but leaves it to hr_engine_flush to wake the loop: for a program's own event
 * loop, whose tasks submit one by one in each of its turns. With a flush at the turn's end they
 * cost one wake-up, and leave together. Until the flush, another submit or a wait for one of them
 * nothing promises that the request goes on, nor that its time limits count. One whose answer is
 * streamed does not wait for the flush. */
HR_API hr_future* hr_engine_enqueue(hr_engine* engine, const hr_request* request);

/* Wakes the loop for what was enqueued, by any thread; costs little when there is nothing. */
HR_API void hr_engine_flush(hr_engine* engine);

/* Queues many with one wake-up of the loop. `requests` is an array of structs of one struct_size;
 * the i-th future is the i-th request's. False: no memory, nothing was queued and `futures` is all
 * null. */
HR_API bool hr_engine_submit_all(hr_engine* engine, const hr_request* requests, size_t count,
                                 hr_future** futures);

/* A descriptor that is readable while hr_engine_take_ready has something to give: for poll, epoll
 * and any event loop. Only to be watched; the engine's, and closed with it. -1 when the machine
 * refuses one, which errno explains. In a forked child it is another one. */
HR_API int hr_engine_ready_fd(hr_engine* engine);

/* Gives up to `max` futures that were submitted with `announce` and are complete, each once, in the
 * order of completion, and gives their number. Does not wait. They remain whoever's they are: a
 * future given here is the same that hr_engine_submit gave, and is freed once. */
HR_API size_t hr_engine_take_ready(hr_engine* engine, hr_future** futures, size_t max);

/* How things stand, as JSON: {"origins":[{"origin":...,"queued":...,...}]}, with the names of
 * include/headrace/stats.hpp, durations in nanoseconds. Empty of origins once the engine is shut
 * down, and within a verify of another engine. Null: no memory. To be freed with
 * hr_text_free. */
HR_API char* hr_engine_stats(const hr_engine* engine);

/* What has been learned of the origins, for hr_options.profiles of a later engine: a line each.
 * Empty when hr_engine_stats is. Null: no memory. To be freed with hr_text_free. */
HR_API char* hr_engine_profiles(const hr_engine* engine);

HR_API void hr_text_free(char* text);

/* --- Futures ------------------------------------------------------------------------------ */

typedef int32_t hr_wait_result;
enum {
  HR_WAIT_TIMED_OUT = 0,
  HR_WAIT_READY = 1,
  /* Waiting would never end, or be a race: it is unready and this is a verify, or another thread
   * waits for it already; or the future is null, or there is no memory to wait with. */
  HR_WAIT_REFUSED = -1
};

/* Blocks until the future is ready or timeout_ms have passed (up to a millisecond more); HR_NONE:
 * until it is ready. The thread runs the engine's loop meanwhile, other requests' verify included.
 * A wait that timed out changes nothing. */
HR_API hr_wait_result hr_future_wait(hr_future* future, int64_t timeout_ms);

/* Any thread, also while another waits. */
HR_API bool hr_future_ready(const hr_future* future);

/* Asks the call to end: the future still becomes ready, with HR_CANCELLED or with what came first.
 * Neighbours on its connection are left alone. Any thread, also while another waits; nothing when
 * it is ready. */
HR_API void hr_future_cancel(hr_future* future);

/* The outcome of a ready future: a response, or else an error; null of an unready one. Both live as
 * long as the future, and any number of threads may read what they hold. */
HR_API const hr_response* hr_future_response(hr_future* future);
HR_API const hr_error* hr_future_error(hr_future* future);

HR_API void* hr_future_user_data(const hr_future* future); /* hr_request.user_data */

/* The next piece of the body of a ready future whose request was `streamed`: all that waits, or
 * else the next that comes, as the body of a response that has nothing else, and nothing to be read
 * behind its end; empty at the end, and from then on, with the trailers. While nobody reads on, the
 * server is kept waiting, and nothing else of the engine is. One at a time: another before the
 * first is ready is HR_INVALID_ARGUMENT, as are futures with no body to read. Null: no memory. To
 * be freed with hr_future_free, which does not give up the body; freeing the streamed future does,
 * and ends a read that is under way. `announce` and `user_data` are as in hr_request. */
HR_API hr_future* hr_future_read(hr_future* streamed, bool announce, void* user_data);

/* Frees the future and its outcome. An unready one is cancelled; it is not announced any more. */
HR_API void hr_future_free(hr_future* future);

/* Lets the call run to its end with nobody looking, and frees the future. */
HR_API void hr_future_detach(hr_future* future);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(modernize-deprecated-headers, modernize-redundant-void-arg) */

#endif
