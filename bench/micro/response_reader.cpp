// Bytes of a connection to events, and what the engine takes out of them: head and body.

#include "engine/http/response_reader.hpp"

#include <string>
#include <utility>

#include "bench/micro/counted.hpp"
#include "tests/allocations/core_play.hpp"

namespace headrace {
namespace {

using Kind = http::ResponseEvent::Kind;

constexpr http::ResponseReader::Limits limits{.head_bytes_max = 64 * 1024,
                                              .head_fields_max = 256,
                                              .body_bytes_max = 1 << 20,
                                              .informational_max = 32};

std::string chunked() {
  return "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
         "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
         "96\r\n" +
         std::string(150, 'x') + "\r\n96\r\n" + std::string(150, 'x') + "\r\n0\r\n\r\n";
}

// `body` keeps its memory, as a caller's would: the allocations counted are those of reading.
bool read_one(http::ResponseReader& reader, Bytes bytes, std::string& body) {
  reader.expect({});
  body.clear();
  while (true) {
    const http::ResponseEvent event = reader.next(bytes);
    if (event.kind == Kind::head)
      benchmark::DoNotOptimize(http::ResponseHead(std::move(reader.head())));
    if (event.kind == Kind::body) body.append(event.data);
    if (event.kind == Kind::end) return true;
    if (event.kind == Kind::failed || event.kind == Kind::need_more) return false;
  }
}

void read_responses(benchmark::State& state, const std::string& bytes) {
  http::ResponseReader reader(limits);
  std::string body;
  const bench::CountedAllocations counted(state);
  for (auto _ : state)
    if (!read_one(reader, bytes, body)) state.SkipWithError("the response was not read");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK_CAPTURE(read_responses, body_300, test::answer_of(300));
BENCHMARK_CAPTURE(read_responses, body_300_chunked, chunked());
BENCHMARK_CAPTURE(read_responses, body_4096, test::answer_of(4096));

}  // namespace
}  // namespace headrace
