// Boost.Beast: asynchronous, one io_context, one request at a time on each kept connection.

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/version.hpp>
#include <stdexcept>
#include <vector>

#include "bench/common/client.hpp"

namespace headrace::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

struct Phase {
  Tally tally = {};
  std::size_t unsent = 0;
};

template <class Stream>
class Session {
 public:
  Session(Stream stream, const Target& target)
      : stream_(std::move(stream)), request_(http::verb::get, target.path, 11) {
    request_.set(http::field::host, target.host_and_port());
  }

  Stream& stream() { return stream_; }

  void go_on(Phase& phase) {
    if (phase.unsent == 0) return;
    --phase.unsent;
    http::async_write(stream_, request_, [&](beast::error_code error, std::size_t) {
      if (error) throw beast::system_error(error);
      read(phase);
    });
  }

 private:
  void read(Phase& phase) {
    parser_.emplace();
    parser_->body_limit(std::uint64_t{1} << 30U);
    http::async_read(stream_, buffer_, *parser_, [&](beast::error_code error, std::size_t) {
      if (error) throw beast::system_error(error);
      const bool good = parser_->get().result() == http::status::ok;
      ++(good ? phase.tally.answered : phase.tally.failed);
      phase.tally.body_bytes += parser_->get().body().size();
      go_on(phase);
    });
  }

  Stream stream_;
  http::request<http::empty_body> request_;
  beast::flat_buffer buffer_ = {};
  std::optional<http::response_parser<http::string_body>> parser_ = {};
};

template <class Stream>
class Beast final : public Client {
 public:
  explicit Beast(const Arguments& arguments) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(arguments.target.host),
                                           arguments.target.port);
    if (!arguments.ca_file.empty()) context_.load_verify_file(arguments.ca_file);
    context_.set_verify_mode(asio::ssl::verify_peer);
    for (unsigned i = 0; i < arguments.connections; ++i) {
      sessions_.push_back(std::make_unique<Session<Stream>>(make_stream(), arguments.target));
      Stream& stream = sessions_.back()->stream();
      beast::get_lowest_layer(stream).connect(endpoint);
      beast::get_lowest_layer(stream).socket().set_option(asio::ip::tcp::no_delay(true));
      if constexpr (std::is_same_v<Stream, Tls>) stream.handshake(asio::ssl::stream_base::client);
    }
  }

  std::string version() const override { return BOOST_LIB_VERSION; }

  Tally run(std::size_t requests) override {
    Phase phase{.unsent = requests};
    for (const auto& session : sessions_) session->go_on(phase);
    loop_.restart();
    loop_.run();
    return phase.tally;
  }

 private:
  Stream make_stream() {
    if constexpr (std::is_same_v<Stream, Tls>)
      return Stream(loop_, context_);
    else
      return Stream(loop_);
  }

  asio::io_context loop_{1};
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::vector<std::unique_ptr<Session<Stream>>> sessions_ = {};
};

int run(const Arguments& arguments) {
  if (arguments.target.https) {
    Beast<Tls> client(arguments);
    return measure({"beast", ""}, arguments, client);
  }
  Beast<Plain> client(arguments);
  return measure({"beast", ""}, arguments, client);
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "beast", headrace::bench::run);
}
