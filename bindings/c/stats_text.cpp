#include "bindings/c/stats_text.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace headrace::c {
namespace {

// What JSON does not have as it is, and what might not be UTF-8 (RFC 8259 §7 and §8.1).
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte < 0x7f && c != '"' && c != '\\') {
      out += c;
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
    out += escaped;
  }
  return out += '"';
}

// An object or array under construction.
class Members {
 public:
  Members(std::string& out, char open, char close) : out_(out), close_(close) { out_ += open; }
  ~Members() { out_ += close_; }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  std::string& item() {
    if (!first_) out_ += ',';
    first_ = false;
    return out_;
  }
  std::string& member(std::string_view name) { return item().append(quoted(name)) += ':'; }
  void text(std::string_view name, std::string_view value) { member(name) += quoted(value); }
  void number(std::string_view name, std::uint64_t value) { member(name) += std::to_string(value); }

 private:
  std::string& out_;
  char close_;
  bool first_ = true;
};

template <class Range>
void append_numbers(std::string& out, const Range& numbers) {
  Members array(out, '[', ']');
  for (const std::uint64_t number : numbers) array.item() += std::to_string(number);
}

void append(std::string& out, const Histogram& histogram) {
  Members object(out, '{', '}');
  object.number("count", histogram.count);
  object.number("sum_ns", static_cast<std::uint64_t>(histogram.sum.count()));
  append_numbers(object.member("buckets"), histogram.buckets);
}

void append(std::string& out, const Counters& counters) {
  Members object(out, '{', '}');
  object.number("submitted", counters.submitted);
  object.number("answered", counters.answered);
  object.number("failed", counters.failed);
  object.number("timed_out", counters.timed_out);
  object.number("cancelled", counters.cancelled);
  object.number("written", counters.written);
  object.number("reused", counters.reused);
  object.number("opened", counters.opened);
  object.number("dial_failed", counters.dial_failed);
  object.number("lost", counters.lost);
  object.number("desync", counters.desync);
  object.number("hung", counters.hung);
  object.number("moved_unwritten", counters.moved_unwritten);
  object.number("moved_announced", counters.moved_announced);
  object.number("moved_hung", counters.moved_hung);
  object.number("resent_lost", counters.resent_lost);
  object.number("resent_status", counters.resent_status);
  object.number("resent_refused", counters.resent_refused);
  object.number("retry_suppressed", counters.retry_suppressed);
}
static_assert(sizeof(Counters) == 19 * sizeof(std::uint64_t), "one that is new belongs above too");

void append(std::string& out, const OriginStats& origin) {
  Members object(out, '{', '}');
  object.text("origin", origin.origin);
  object.number("queued", origin.queued);
  object.number("in_flight", origin.in_flight);
  object.number("connections", origin.connections);
  object.number("depth", origin.depth);
  object.text("capability", origin.capability);
  object.text("reason", origin.reason);
  append_numbers(object.member("suspect_connections"), origin.suspect_connections);
  append(object.member("counters"), origin.counters);
  append(object.member("queue"), origin.queue);
  append(object.member("connect"), origin.connect);
  append(object.member("tls"), origin.tls);
  append(object.member("first_byte"), origin.first_byte);
  append(object.member("total"), origin.total);
}

}  // namespace

std::string to_json(const Stats& stats) {
  std::string out;
  {
    Members object(out, '{', '}');
    Members origins(object.member("origins"), '[', ']');
    for (const OriginStats& origin : stats.origins) append(origins.item(), origin);
  }
  return out;
}

}  // namespace headrace::c
