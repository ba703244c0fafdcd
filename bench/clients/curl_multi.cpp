// libcurl's multi interface, driven by epoll through curl_multi_socket_action, its quickest way.
// It can't pipeline: as many requests are outstanding as there are connections.

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "bench/clients/curl_handle.hpp"

namespace headrace::bench {
namespace {

void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
}

class CurlMulti final : public Client {
 public:
  explicit CurlMulti(const Arguments& arguments)
      : multi_(curl_multi_init()), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    set(CURLMOPT_SOCKETFUNCTION, &CurlMulti::watch);
    set(CURLMOPT_SOCKETDATA, this);
    set(CURLMOPT_TIMERFUNCTION, &CurlMulti::keep_time);
    set(CURLMOPT_TIMERDATA, this);
    set(CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    for (unsigned i = 0; i < arguments.connections; ++i)
      handles_.push_back(std::make_unique<CurlHandle>(arguments));
  }

  ~CurlMulti() override {
    handles_.clear();
    curl_multi_cleanup(multi_);
    ::close(epoll_);
  }

  std::string version() const override { return curl_version_number(); }

  Tally run(std::size_t requests) override {
    Tally tally;
    unsent_ = requests;
    for (const auto& handle : handles_) start(*handle);
    while (tally.answered + tally.failed < requests) {
      turn();
      collect(tally);
    }
    return tally;
  }

 private:
  template <class T>
  void set(CURLMoption option, T value) {
    check(curl_multi_setopt(multi_, option, value));
  }

  void start(const CurlHandle& handle) {
    if (unsent_ == 0) return;
    --unsent_;
    check(curl_multi_add_handle(multi_, handle.get()));
  }

  void turn() {
    std::array<epoll_event, 64> events;  // NOLINT: filled below
    const int count = timeout_ms_ == 0 ? 0
                                       : ::epoll_wait(epoll_, events.data(), events.size(),
                                                      static_cast<int>(timeout_ms_));
    int running = 0;
    if (count <= 0) {
      timeout_ms_ = -1;
      check(curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running));
    }
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int action = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                         ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                         ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      check(curl_multi_socket_action(multi_, event.data.fd, action, &running));
    }
  }

  void collect(Tally& tally) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      CURL* done = message->easy_handle;
      const CURLcode code = message->data.result;
      CurlHandle* handle = nullptr;
      curl_easy_getinfo(done, CURLINFO_PRIVATE, &handle);
      check(curl_multi_remove_handle(multi_, done));
      handle->finish(code, tally);
      start(*handle);
    }
  }

  static int watch(CURL*, curl_socket_t socket, int what, void* self, void* known) {
    const auto& client = *static_cast<CurlMulti*>(self);
    epoll_event event{};
    event.events = ((what & CURL_POLL_IN) != 0 ? std::uint32_t{EPOLLIN} : 0) |
                   ((what & CURL_POLL_OUT) != 0 ? std::uint32_t{EPOLLOUT} : 0);
    event.data.fd = socket;
    if (what == CURL_POLL_REMOVE) return ::epoll_ctl(client.epoll_, EPOLL_CTL_DEL, socket, &event);
    if (known == nullptr) curl_multi_assign(client.multi_, socket, self);
    return ::epoll_ctl(client.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket,
                       &event);
  }

  static int keep_time(CURLM*, long timeout_ms, void* self) {
    static_cast<CurlMulti*>(self)->timeout_ms_ = timeout_ms;
    return 0;
  }

  CURLM* multi_;
  int epoll_;
  std::vector<std::unique_ptr<CurlHandle>> handles_ = {};
  std::size_t unsent_ = 0;
  long timeout_ms_ = -1;
};

int run(const Arguments& arguments) {
  CurlMulti client(arguments);
  return measure({"curl_multi", ""}, arguments, client);
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return headrace::bench::client_main(count, values, "curl_multi", headrace::bench::run);
}
