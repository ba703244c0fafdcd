#pragma once

#include <uv.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/list.hpp"
#include "engine/io/address.hpp"
#include "engine/io/lookup.hpp"

namespace headrace::io {

// The addresses of names, for all diallers of a loop (S31).
//
// However many wait for a name, one question about it is under way at a time; also when nobody
// waits any more, so that a resolver that hangs holds one thread per name and not one per dial. An
// answer is used for as long as limits::addresses_kept, counted from the asking, and that there is
// none for limits::no_address_kept. Any other failure is told to those who wait, and forgotten.
class Resolver {
  struct Question;

 public:
  // Whoever waits for the addresses of a name. Destroyed, it hears nothing more.
  class Waiter {
   public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    // `code` is 0 or libuv's; the addresses are then none. They come in the order in which to try
    // them, without ports. The waiter may be destroyed in here.
    virtual void on_resolved(int code, const std::vector<Address>& addresses) = 0;

   protected:
    ~Waiter();

   private:
    friend class Resolver;
    Question* question_ = nullptr;
    ListLink<Waiter> link_;
  };

  explicit Resolver(uv_loop_t* loop, AskForAddresses system = uv_getaddrinfo)
      : loop_(loop), system_(system) {}

  // Tells the waiter once, maybe before it returns.
  void resolve(Instant now, const std::string& host, Waiter& waiter);

  // The addresses given were of no use: asks again next time.
  void forget(const std::string& host) { known_.erase(host); }

 private:
  struct Question final : Lookup::Events {
    Question(Resolver& to, std::string about, Instant when)
        : resolver(to), host(std::move(about)), asked(when) {}
    void on_resolved(int code, const std::vector<Address>& addresses) override {
      resolver.on_answer(*this, code, addresses);
    }

    Resolver& resolver;
    const std::string host;
    const Instant asked;
    LookupPointer lookup;
    List<Waiter, &Waiter::link_> waiters;
  };

  struct Answer {
    Instant asked;
    int code = 0;  // libuv's, when the name has no address
    std::vector<Address> addresses;
  };

  const Answer* fresh_answer(Instant now, const std::string& host) const;
  int ask(Instant now, const std::string& host);
  void on_answer(const Question& question, int code, const std::vector<Address>& addresses);
  void remember(const Question& question, int code, const std::vector<Address>& addresses);
  void on_nobody_waits(Question& question);

  uv_loop_t* loop_;
  AskForAddresses system_;
  std::unordered_map<std::string, Answer> known_;
  std::unordered_map<std::string, Question> questions_;
};

}  // namespace headrace::io
