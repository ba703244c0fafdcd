// libcurl's easy interface: one request at a time on a connection that is kept.

#include "bench/clients/curl_handle.hpp"

namespace headrace::bench {
namespace {

class CurlEasy final : public Client {
 public:
  explicit CurlEasy(const Arguments& arguments) : handle_(arguments) {}

  std::string version() const override { return curl_version_number(); }

  Tally run(std::size_t requests) override {
    return one_by_one(
        requests, [&](Tally& tally) { handle_.finish(curl_easy_perform(handle_.get()), tally); });
  }

 private:
  CurlHandle handle_;
};

int run(const Arguments& arguments) {
  if (arguments.outstanding() != 1)
    throw std::invalid_argument("it has one connection of depth 1: --connections 1 --depth 1");
  CurlEasy client(arguments);
  return measure({"curl_easy", ""}, arguments, client);
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return headrace::bench::client_main(count, values, "curl_easy", headrace::bench::run);
}
