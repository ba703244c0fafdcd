// Connections with TLS that carry one request each, one after another, by OpenSSL alone. The
// sessions of earlier ones are resumed where the origin lets them be; --variant resumed insists.

#include <stdexcept>
#include <vector>

#include "bench/clients/limit.hpp"
#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"

namespace headrace::bench {
namespace {

struct FreeTicket {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using Ticket = std::unique_ptr<SSL_SESSION, FreeTicket>;

class Handshakes {
 public:
  explicit Handshakes(const Arguments& arguments)
      : target_(arguments.target),
        context_(limit::make_context(arguments)),
        request_(limit::render(arguments.target)),
        room_(std::size_t{64} << 10U) {
    if (!context_) throw std::invalid_argument("--url has to be https");
  }

  void run(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) connect_once();
  }

  std::size_t resumed() const { return resumed_; }

 private:
  void connect_once() {
    limit::Wire wire(target_, context_.get(), ticket_.get());
    limit::Scanner scanner;
    wire.write(request_);
    while (scanner.take({room_.data(), wire.read(room_)}) == 0) {
    }
    resumed_ += wire.resumed() ? 1 : 0;
    ticket_.reset(wire.ticket());  // it came with the answer, at the latest
  }

  const Target& target_;
  limit::Context context_;
  std::string request_;
  std::vector<char> room_;
  Ticket ticket_ = {};
  std::size_t resumed_ = 0;
};

int run(const Arguments& arguments) {
  Handshakes client(arguments);
  client.run(arguments.warm_up);
  const std::size_t resumed_before = client.resumed();
  const Usage before = Usage::now();
  client.run(arguments.requests);
  const Usage used = Usage::now().since(before);
  const std::size_t resumed = client.resumed() - resumed_before;
  if (arguments.variant == "resumed" && resumed + 1 < arguments.requests)
    throw std::runtime_error("sessions were not resumed");
  const auto count = static_cast<double>(arguments.requests);
  print_figures({{"connections", count},
                 {"resumed", static_cast<double>(resumed)},
                 {"cpu_ms", used.cpu_seconds() / count * 1e3},
                 {"ms", used.seconds / count * 1e3}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "handshakes_limit", headrace::bench::run);
}
