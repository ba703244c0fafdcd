// And what one looks like that uses the client.

#include <headrace/client.hpp>

#include <cstdio>

int main() {
  headrace::Client client(
      {.auth = {{.origin = "http://a", .credentials = headrace::BearerAuth{"x"}}}});
  const auto answer = client.get("not a url").wait();
  if (answer || answer.error().code != headrace::ErrorCode::invalid_argument) return 1;
  if (headrace::decode("unknown", "raw").value() != "raw") return 1;
  std::puts("refused as it should be");
}
