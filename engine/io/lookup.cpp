#include "engine/io/lookup.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <unistd.h>

#include <cerrno>

#include "engine/io/fork_guard.hpp"
#include "engine/io/guarded.hpp"

namespace headrace::io {
namespace {

struct AnswerFreed {
  void operator()(addrinfo* answer) const noexcept { uv_freeaddrinfo(answer); }
};

// AI_ADDRCONFIG spares machines without IPv6 the question for it, but it may also count loopback as
// no configuration at all, so it is not for the names of loopback (RFC 6761 §6.3).
int flags_for(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") ? 0 : AI_ADDRCONFIG;
}

// Without a descriptor the system's resolver can read no file and ask nobody, and says that there
// is no such name.
bool no_descriptor_left(const uv_loop_t* loop) noexcept {
  const int one_more = ::fcntl(uv_backend_fd(loop), F_DUPFD_CLOEXEC, 0);
  if (one_more < 0) return errno == EMFILE;
  ::close(one_more);
  return false;
}

}  // namespace

void LookupAbandoned::operator()(Lookup* lookup) const noexcept {
  if (!lookup->pending_) {
    delete lookup;
    return;
  }
  lookup->events_ = nullptr;
  lookup->call_back();  // on_answer comes in either case
}

int Lookup::start(uv_loop_t* loop, AskForAddresses ask, const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags_for(host);
  request_.data = this;
  loop_ = loop;
  const auto answered = [](uv_getaddrinfo_t* request, int code, addrinfo* answer) {
    static_cast<Lookup*>(request->data)->on_answer(code, answer);
  };
  expect_libuv_threads();
  const int code = ask(loop, &request_, answered, host.c_str(), nullptr, &hints);
  pending_ = code == 0;
  return code;
}

bool Lookup::call_back() noexcept {
  if (!called_back_) called_back_ = uv_cancel(reinterpret_cast<uv_req_t*>(&request_)) == 0;
  return called_back_;
}

void Lookup::on_answer(int code, addrinfo* answer) {
  const std::unique_ptr<addrinfo, AnswerFreed> freed(answer);
  pending_ = false;
  if (events_ == nullptr) {
    delete this;
    return;
  }
  guarded(loop_, [&] {
    const std::vector<Address> addresses = addresses_in(answer);
    if (code == 0 && addresses.empty()) code = UV_EAI_NODATA;
    if (code != 0 && no_descriptor_left(loop_)) code = UV_EMFILE;
    events_->on_resolved(code, addresses);  // may delete this
  });
}

}  // namespace headrace::io
