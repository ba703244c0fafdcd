#include "bindings/cli/sample/talk.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace headrace::sample {

Talk::Talk(int descriptor, Ledger& ledger) : descriptor_(descriptor), ledger_(ledger) {
  const int on = 1;  // each flush leaves at once
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ledger_.change([](Tally& tally) {
    ++tally.connections;
    ++tally.open;
  });
}

Talk::~Talk() { close(); }

// A request that is no HTTP is answered, so that a client's mistakes show, and ends the connection.
std::vector<Heard> Talk::parse() {
  std::vector<Heard> heard;
  std::size_t parsed = 0;
  while (true) {
    ParseResult result = parse_request(std::string_view(input_).substr(parsed));
    if (result.state == ParseState::incomplete) break;
    if (result.state == ParseState::bad) {
      output_ += render_answer({.status = result.status}, false, true);
      finish();
      throw Gone();
    }
    parsed += result.consumed;
    last_ = last_ || result.request.last;
    ledger_.change([&](Tally& tally) {
      heard.push_back({.request = std::move(result.request), .number = ++tally.requests});
    });
  }
  input_.erase(0, parsed);
  owed_ += heard.size();
  return heard;
}

std::vector<Heard> Talk::hear() {
  flush();
  if (last_) throw Gone();
  while (true) {
    read_once(true);
    std::vector<Heard> heard = parse();
    if (!heard.empty()) return heard;
  }
}

void Talk::overhear() {
  while (read_once(false)) parse();
}

void Talk::fall_silent() {
  flush();
  while (true) hear();
}

void Talk::answer(const Heard& heard, bool last) {
  const Answer answer{.body = heard.request.target, .content_type = "text/plain"};
  last = last || heard.request.last;
  answer_with(render_answer(answer, heard.request.method == "HEAD", last));
  if (last) owed_ = 0;  // whoever stands behind it knows that no answer will come
}

void Talk::answer_with(std::string_view bytes) {
  output_ += bytes;
  if (owed_ > 0) --owed_;
  ledger_.change([](Tally& tally) { ++tally.answers; });
}

void Talk::say(std::string_view bytes) {
  output_ += bytes;
  ledger_.change([](Tally& tally) { ++tally.unasked; });
}

void Talk::pause(std::chrono::milliseconds duration) {
  flush();
  // Nothing is asked for, so that only an end of both directions is reported.
  pollfd end{.fd = descriptor_, .events = 0, .revents = 0};
  if (::poll(&end, 1, static_cast<int>(duration.count())) > 0) throw Gone();
}

bool Talk::quiet_for(std::chrono::milliseconds duration) {
  flush();
  return input_.empty() && !wait_readable(duration);
}

bool Talk::wait_readable(std::chrono::milliseconds limit) {
  pollfd readable{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return ::poll(&readable, 1, static_cast<int>(limit.count())) > 0;
}

// False when nothing has come and waiting is not wanted.
bool Talk::read_once(bool wait) {
  std::array<char, 64 * 1024> bytes;
  while (true) {
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), wait ? 0 : MSG_DONTWAIT);
    if (count > 0) {
      input_.append(bytes.data(), static_cast<std::size_t>(count));
      return true;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN && !wait) return false;
    throw Gone();
  }
}

void Talk::flush() {
  std::string_view left = output_;
  while (!left.empty()) {
    const ssize_t count = ::send(descriptor_, left.data(), left.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Gone();
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  output_.clear();
}

void Talk::finish() {
  flush();
  close();
}

void Talk::reset() {
  flush();
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void Talk::close() {
  const std::lock_guard lock(closing_);
  if (descriptor_ < 0) return;
  // Before the client can know: whoever saw the end finds it in the tally.
  ledger_.change([&](Tally& tally) {
    --tally.open;
    if (owed_ > 1) ++tally.broken_pipelines;
  });
  ::close(std::exchange(descriptor_, -1));
}

void Talk::interrupt() {
  const std::lock_guard lock(closing_);
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

}  // namespace headrace::sample
