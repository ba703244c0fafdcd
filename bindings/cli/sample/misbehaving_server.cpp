#include "bindings/cli/sample/misbehaving_server.hpp"

#include <unistd.h>

#include <atomic>
#include <list>
#include <system_error>
#include <thread>

#include "bindings/cli/sample/listener.hpp"

namespace headrace::sample {
namespace {

// A connection and the thread that serves it.
class Served {
 public:
  Served(int descriptor, Ledger& ledger, const Misbehaviour& kind, const Habits& habits)
      : talk_(descriptor, ledger), thread_([this, kind, habits] { run(kind, habits); }) {}
  ~Served() {
    talk_.interrupt();
    thread_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  bool ended() const noexcept { return ended_; }

 private:
  void run(const Misbehaviour& kind, const Habits& habits) {
    try {
      kind.serve(talk_, habits);
      talk_.finish();
    } catch (const Gone&) {
      talk_.close();
    }
    ended_ = true;
  }

  Talk talk_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace

class MisbehavingServer::Loop {
 public:
  Loop(const Misbehaviour& kind, const Habits& habits)
      : kind_(kind), habits_(habits), thread_([this] { run(); }) {}
  ~Loop() {
    listener_.stop();
    thread_.join();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  std::uint16_t port() const noexcept { return listener_.port(); }
  Tally tally() const { return ledger_.tally(); }
  bool wait_until_alone(std::chrono::milliseconds limit) { return ledger_.wait_until_alone(limit); }

 private:
  void run() {
    while (const auto accepted = listener_.accept()) {
      served_.remove_if([](const Served& served) { return served.ended(); });
      if (served_.size() < connections_max) {
        serve(*accepted);
      } else {
        ::close(*accepted);
      }
    }
  }

  void serve(int connection) {
    try {
      served_.emplace_back(connection, ledger_, kind_, habits_);
    } catch (const std::system_error&) {  // no thread for it: closed, as one too many is
    }
  }

  const Misbehaviour kind_;
  const Habits habits_;
  Ledger ledger_;
  Listener listener_;
  std::list<Served> served_ = {};  // the thread's own
  std::thread thread_;
};

MisbehavingServer::MisbehavingServer(const Misbehaviour& kind, const Habits& habits)
    : loop_(std::make_unique<Loop>(kind, habits)) {}
MisbehavingServer::~MisbehavingServer() = default;

std::uint16_t MisbehavingServer::port() const noexcept { return loop_->port(); }
std::string MisbehavingServer::origin() const {
  return "http://127.0.0.1:" + std::to_string(port());
}
Tally MisbehavingServer::tally() const { return loop_->tally(); }
bool MisbehavingServer::wait_until_alone(std::chrono::milliseconds limit) const {
  return loop_->wait_until_alone(limit);
}

}  // namespace headrace::sample
