#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/tls/context.hpp"
#include "fuzz/require.hpp"
#include "tests/support/certificates.hpp"
#include "tests/tls/memory_server.hpp"

// Any records to a session: before, in and after its handshake, between those of an honest server
// or instead of them. What comes out is the beginning of what the server said, whole only if it
// said so; and nothing of a request goes out before the handshake is complete (S38, S39).
//
// Input: a byte for the version, then steps: one byte says what happens to the server's next bytes,
// one byte more how many of them or where.

using namespace headrace;
using headrace::fuzz::require;

namespace {

struct Server {
  Server() {
    const auto files = certificates.issue({.dns = {"cloud.example"}});
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      contexts[version == TLS1_3_VERSION ? 1 : 0] = test::make_tls_context(
          {.chain_file = files.chain_file, .key_file = files.key_file, .version_max = version});
    }
  }
  test::Certificates certificates;
  test::TlsContext contexts[2];
};

const Server& far_end() {
  static const Server one;
  return one;
}

class Play {
 public:
  Play(const std::uint8_t* data, std::size_t size)
      : next_(data), end_(data + size), server_(far_end().contexts[take() % 2].get()) {
    context_ =
        std::move(tls::Context::create({.ca_file = far_end().certificates.ca_file()}).value());
    session_ = std::move(
        context_->connect({.origin = "https://cloud.example:443", .host = "cloud.example"})
            .value());
  }

  void run() {
    advance();
    while (next_ != end_ && !failed_) step();
    if (!tampered_ && !failed_) finish();
    require(!complete_ || server_.received() == asked_.substr(0, server_.received().size()),
            "the server reads what was written");
  }

 private:
  unsigned take() { return next_ == end_ ? 0 : *next_++; }

  void step() {
    const unsigned what = take() % 12;
    const std::size_t where = take();
    const std::size_t at = coming_.empty() ? 0 : where % coming_.size();
    switch (what) {
      case 0:
        return say(server_.encrypt("answer " + std::to_string(where)));
      case 1:
        closed_ = true;
        return say(server_.close_notify());
      case 2:
        return say(server_.update_key());
      case 3:
        if (coming_.empty()) return;
        coming_[at] = static_cast<char>(coming_[at] ^ (1 << (take() % 8)));
        return tamper();
      case 4:
        coming_.erase(0, at);
        if (at > 0) tamper();
        return;
      case 5:
        coming_.append(coming_.substr(0, at));
        if (at > 0) tamper();
        return;
      case 6:
        return insert(at);
      case 7:
        return write("request " + std::to_string(where) + "\r\n");
      case 8:
        return deliver(coming_.size());
      default:
        return deliver(1 + where);
    }
  }

  // Bytes of the input, as they stand, with a record's head before them or without.
  void insert(std::size_t at) {
    const std::size_t size =
        std::min<std::size_t>(take() % 64, static_cast<std::size_t>(end_ - next_));
    const std::string_view bytes(reinterpret_cast<const char*>(next_), size);
    next_ += size;
    std::string record;
    if (const unsigned type = take(); type >= 20 && type <= 24)
      record = {static_cast<char>(type), 3, 3, 0, static_cast<char>(size)};
    coming_.insert(at, record.append(bytes));
    if (!record.empty()) tamper();
  }

  void tamper() { tampered_ = true; }

  // The server's plain text counts from when it was encrypted; before the handshake there is none.
  void say(const std::string& ciphertext) { coming_ += ciphertext; }

  void write(const std::string& text) {
    if (!complete_) return;
    require(session_->write(text).has_value(), "a session that is well takes bytes");
    asked_ += text;
    exchange();
  }

  void deliver(std::size_t count) {
    if (coming_.empty()) return;
    const std::string piece = coming_.substr(0, count);
    coming_.erase(0, piece.size());
    session_->feed(piece);
    advance();
  }

  void advance() {
    if (!complete_) {
      const auto done = session_->handshake();
      if (!done) return fail(done.error());
      complete_ = *done;
      require(!complete_ || SSL_get_state(server_.ssl()) != TLS_ST_BEFORE, "with the server");
    }
    char buffer[512];
    while (complete_) {
      const auto count = session_->read(buffer);
      if (!count) return fail(count.error());
      if (*count == 0) break;
      heard_.append(buffer, *count);
    }
    require(complete_ || heard_.empty(), "nothing is heard before the handshake is complete");
    require(heard_is_honest(), "only what the server said, in its order");
    require(!session_->peer_closed() || closed_, "an end that the server said");
    exchange();
  }

  // "answer N" once for each call of encrypt(), where N is any.
  bool heard_is_honest() const {
    std::string_view rest = heard_;
    while (!rest.empty()) {
      constexpr std::string_view word = "answer ";
      if (!rest.starts_with(word)) return false;
      rest.remove_prefix(word.size());
      const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
      if (digits == 0 || digits > 3) return false;
      rest.remove_prefix(digits);
    }
    return true;
  }

  void exchange() { coming_ += server_.feed(test::take_output(*session_)); }

  void fail(const Error& error) {
    failed_ = true;
    require(tampered_ || closed_, "an honest server does not fail");
    require(error.code == ErrorCode::tls_failed || error.code == ErrorCode::connection_lost ||
                error.code == ErrorCode::protocol_error,
            "an error of TLS");
    char buffer[16];
    require(!session_->read(buffer).has_value(), "and nothing more after it");
  }

  void finish() {
    while (!coming_.empty() && !failed_) deliver(coming_.size());
    require(failed_ || complete_, "an honest handshake ends");
    require(closed_ || server_.received() == asked_, "all that was written has arrived");
  }

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  test::MemoryServer server_;
  std::unique_ptr<tls::Context> context_;
  std::unique_ptr<tls::Session> session_;
  std::string coming_;  // on its way to the session
  std::string asked_;
  std::string heard_;
  bool complete_ = false;
  bool tampered_ = false;
  bool failed_ = false;
  bool closed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 1024) return 0;
  Play(data, size).run();
  return 0;
}
