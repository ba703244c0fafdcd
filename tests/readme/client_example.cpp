#include <headrace/client.hpp>
#include <iostream>

int main(int, char** arguments) {
  headrace::Client cloud({.base_url = arguments[1],
                          .auth = {{.credentials = headrace::BearerAuth{arguments[2]}}},
                          .cookies = true,
                          .engine = {.connections_max = 5, .retry_statuses = {429, 503}}});
  const headrace::ClientResponse list = cloud.get("/vms").get();
  std::cout << list.url << " after " << list.redirects << " redirects: " << list.body << '\n';
}
