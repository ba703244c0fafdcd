// What an idle connection of libcurl takes, in the cache of one multi handle. The easy handles that
// opened them are given back.

#include <curl/curl.h>

#include <algorithm>
#include <vector>

#include "bench/clients/curl_handle.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"

namespace headrace::bench {
namespace {

void fetch(CURLM* multi, const Arguments& arguments, unsigned count) {
  std::vector<std::unique_ptr<CurlHandle>> handles;
  for (unsigned i = 0; i < count; ++i) {
    handles.push_back(std::make_unique<CurlHandle>(arguments));
    curl_multi_add_handle(multi, handles.back()->get());
  }
  int running = 1;
  while (running > 0) {
    curl_multi_perform(multi, &running);
    curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  Tally tally;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left))
    tally.failed += message->data.result == CURLE_OK ? 0 : 1;
  if (tally.failed > 0) throw std::runtime_error("libcurl: a transfer failed");
  for (const auto& handle : handles) curl_multi_remove_handle(multi, handle->get());
}

int run(const Arguments& arguments) {
  raise_descriptor_limit();
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(arguments.connections) + 8);
  Arguments first = arguments;
  first.target.url = arguments.target.origin() + "/bytes/300";
  fetch(multi, first, 1);
  const auto before = static_cast<double>(held_rss_kib());
  fetch(multi, arguments, arguments.connections + 1);
  const auto with_holes = static_cast<double>(rss_kib());
  const auto after = static_cast<double>(held_rss_kib());
  print_figures({{"connections", arguments.connections},
                 {"bytes_per_connection", (after - before) * 1024 / arguments.connections},
                 {"bytes_with_holes", (with_holes - before) * 1024 / arguments.connections}});
  curl_multi_cleanup(multi);
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return headrace::bench::client_main(count, values, "idle_curl", headrace::bench::run);
}
