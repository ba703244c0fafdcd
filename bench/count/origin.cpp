// An origin that lets one thing happen at a time, so that a client does the same in each run.
//
//     count_origin OUTSTANDING http|https alike|unlike
//
// Where heads are unlike, each answer has a request id of its own in the middle of its fields.
// It keeps requests until it has OUTSTANDING of them, then answers the connection that has waited
// longest, all of it in one write, and waits for as many again. A request for /free ends that: all
// connections are answered whatever they hold. It prints its URL and its CA file ("-": none), and
// ends when its input does.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "bench/count/tls.hpp"

namespace headrace::count {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

class Answers {
 public:
  explicit Answers(bool alike) : alike_(alike) {}

  void append_one(std::string& to) {
    to += first_;
    if (!alike_) to += "X-Request-Id: req-" + std::to_string(++last_id_) + "\r\n";
    to += last_;
  }

 private:
  const std::string first_ =
      "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n";
  const std::string last_ =
      "Content-Type: application/json\r\nContent-Length: 300\r\n\r\n" + std::string(300, 'x');
  bool alike_;
  unsigned long last_id_ = 10'000'000;  // all are of one size
};

// Sockets block: whoever is answered is waiting, and answers are small.
class Connection {
 public:
  Connection(int descriptor, Session session)
      : descriptor_(descriptor), session_(std::move(session)) {}
  ~Connection() {
    session_.reset();
    ::close(descriptor_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const { return descriptor_; }
  unsigned held() const { return held_; }
  unsigned long held_since() const { return held_since_; }

  /// False at the end. `free`: whether one of the requests wants all to be answered.
  bool receive(unsigned long now, bool& free) {
    do {
      const int count = read();
      if (count <= 0) return false;
      input_.append(buffer_.data(), static_cast<std::size_t>(count));
    } while (session_ && SSL_pending(session_.get()) > 0);
    if (held_ == 0) held_since_ = now;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) != std::string::npos) {
      free = free || input_.starts_with("GET /free ");
      input_.erase(0, end + 4);
      ++held_;
    }
    return true;
  }

  void answer_all(Answers& answers) {
    output_.clear();
    for (; held_ > 0; --held_) answers.append_one(output_);
    if (output_.empty()) return;
    if (session_) {
      SSL_write(session_.get(), output_.data(), static_cast<int>(output_.size()));
    } else {
      [[maybe_unused]] const auto sent =
          ::send(descriptor_, output_.data(), output_.size(), MSG_NOSIGNAL);
    }
  }

 private:
  int read() {
    if (session_) return SSL_read(session_.get(), buffer_.data(), static_cast<int>(buffer_.size()));
    return static_cast<int>(::recv(descriptor_, buffer_.data(), buffer_.size(), 0));
  }

  int descriptor_;
  Session session_;
  std::array<char, 16384> buffer_;
  std::string input_;
  std::string output_;
  unsigned held_ = 0;
  unsigned long held_since_ = 0;
};

class Origin {
 public:
  Origin(unsigned outstanding, bool secure, bool alike)
      : outstanding_(outstanding),
        answers_(alike),
        listener_(checked(::socket(AF_INET, SOCK_STREAM, 0), "socket")) {
    if (secure) tls_.emplace();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    checked(::bind(listener_, generic, size), "bind");
    checked(::listen(listener_, SOMAXCONN), "listen");
    checked(::getsockname(listener_, generic, &size), "getsockname");
    std::printf("%s://127.0.0.1:%d %s\n", secure ? "https" : "http", ntohs(address.sin_port),
                secure ? tls_->ca_file().c_str() : "-");
    std::fflush(stdout);
  }
  ~Origin() { ::close(listener_); }
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  void run() {
    while (poll_once()) answer_somebody();
  }

 private:
  // False when standard input ended.
  bool poll_once() {
    std::vector<pollfd> polled{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                               {.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const auto& one : connections_)
      polled.push_back({.fd = one->descriptor(), .events = POLLIN, .revents = 0});
    checked(::poll(polled.data(), polled.size(), -1), "poll");
    for (std::size_t i = connections_.size(); i-- > 0;)
      if (polled[i + 2].revents != 0 && !connections_[i]->receive(++now_, free_))
        connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    if (polled[1].revents != 0) accept();
    return polled[0].revents == 0;
  }

  void accept() {
    const int made = checked(::accept(listener_, nullptr, nullptr), "accept");
    const int yes = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Session session = tls_ ? tls_->accept(made) : nullptr;
    if (tls_ && !session) {
      ::close(made);
      return;
    }
    connections_.push_back(std::make_unique<Connection>(made, std::move(session)));
  }

  void answer_somebody() {
    if (free_) {
      for (const auto& one : connections_) one->answer_all(answers_);
      free_ = false;
      return;
    }
    unsigned held = 0;
    Connection* longest = nullptr;
    for (const auto& one : connections_) {
      held += one->held();
      if (one->held() > 0 && (longest == nullptr || one->held_since() < longest->held_since()))
        longest = one.get();
    }
    if (held >= outstanding_ && longest != nullptr) longest->answer_all(answers_);
  }

  unsigned outstanding_;
  Answers answers_;
  int listener_;
  std::optional<ServerTls> tls_;
  std::vector<std::unique_ptr<Connection>> connections_;
  unsigned long now_ = 0;  // counts what came
  bool free_ = false;
};

}  // namespace
}  // namespace headrace::count

int main(int count, char** arguments) {
  const std::string_view scheme = count == 4 ? arguments[2] : "";
  const std::string_view heads = count == 4 ? arguments[3] : "";
  if ((scheme != "http" && scheme != "https") || (heads != "alike" && heads != "unlike")) {
    std::fprintf(stderr, "usage: count_origin OUTSTANDING http|https alike|unlike\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a client that is gone shows when it is read from
  try {
    const auto outstanding = static_cast<unsigned>(std::stoul(arguments[1]));
    headrace::count::Origin(outstanding, scheme == "https", heads == "alike").run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "count_origin: %s\n", error.what());
    return 1;
  }
}
