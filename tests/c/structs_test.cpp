// S45: programs that were compiled with an older or a newer header.

#include <array>
#include <cstddef>
#include <cstring>
#include <vector>

#include "tests/c/scene.hpp"

using namespace headrace::test;

namespace {

// A struct as a header of the future might have it.
template <class T>
struct Larger {
  T known{};
  std::uint64_t more = 0;

  Larger() { known.struct_size = sizeof(Larger); }
};

std::string error_text(const EngineHandle& cloud, const hr_request& request) {
  return text(error_of(submit(cloud, request)).text);
}

}  // namespace

TEST_CASE("S45: a smaller struct is one whose other fields are at their defaults") {
  ScriptedServer server;
  server.serve(echo_targets);
  hr_options old = options();
  const std::string base = server.url("");
  old.base_url = str(base);
  old.connections_max = -5;  // behind the end, and not looked at
  old.struct_size = offsetof(hr_options, connections_max);
  const EngineHandle cloud = engine(old);

  const std::string path = "/old";
  hr_request request = get(path);
  request.body = str("not looked at");
  request.repeat = 99;
  request.struct_size = offsetof(hr_request, body);
  CHECK(body_of(submit(cloud, request)) == "/old");
}

TEST_CASE("S45: a larger struct is taken as long as what is unknown of it is zero") {
  ScriptedServer server;
  server.serve(echo_targets);
  Larger<hr_options> given;
  const EngineHandle cloud = engine(given.known);
  given.more = std::uint64_t{1} << 63U;
  CHECK(refusal(given.known).find("the program uses what a newer headrace has") !=
        std::string::npos);

  Larger<hr_request> request;
  const std::string url = server.url("/new");
  request.known.url = str(url);
  CHECK(body_of(submit(cloud, request.known)) == "/new");
  request.more = 1;
  int mine = 0;
  request.known.user_data = &mine;
  const FutureHandle refused = submit(cloud, request.known);
  CHECK(text(error_of(refused).detail) ==
        "hr_request.struct_size is " + std::to_string(sizeof(request)) + ", headrace 0.1.0 knows " +
            std::to_string(sizeof(hr_request)) + " bytes, and byte " +
            std::to_string(sizeof(hr_request)) +
            " is not zero: the program uses what a newer headrace has, run it with that");
  CHECK(hr_future_user_data(refused.get()) == &mine);

  Larger<hr_tls_options> tls;
  hr_options with_tls = options();
  with_tls.tls = &tls.known;
  CHECK(refusal(with_tls) == "made");
  tls.more = 1;
  CHECK(refusal(with_tls).starts_with("invalid_argument: hr_tls_options.struct_size is "));
}

TEST_CASE("S45: a struct whose size was forgotten is refused, and nothing read of it") {
  const std::size_t size =
      GENERATE(std::size_t{0}, std::size_t{7}, std::size_t{12}, ~std::size_t{0});
  const std::string url = "http://127.0.0.1:1/";
  hr_request request = get(url);
  request.struct_size = size;
  const EngineHandle cloud = engine();
  CHECK(error_text(cloud, request) == "invalid_argument: hr_request.struct_size is " +
                                          std::to_string(size) +
                                          ": set it to sizeof(hr_request) (queued)");
  std::array<hr_request, 3> requests{request, request, request};
  std::array<hr_future*, 3> futures{};
  REQUIRE(hr_engine_submit_all(cloud.get(), requests.data(), 3, futures.data()));
  for (hr_future* const future : futures)
    CHECK(error_of(FutureHandle(future)).code == HR_INVALID_ARGUMENT);
  hr_options given = options();
  given.struct_size = size;
  CHECK(refusal(given).find("set it to sizeof(hr_options)") != std::string::npos);
}

TEST_CASE("S45: the structs of an array lie as far apart as the program has them") {
  ScriptedServer server;
  server.serve(echo_targets);
  hr_options given = options();
  const std::string base = server.url("");
  given.base_url = str(base);
  std::array<Larger<hr_origin_options>, 2> origins;
  origins[0].known.origin = str("http://a.example");
  origins[1].known.origin = str("nonsense");
  given.origins = &origins[0].known;
  given.origins_count = 2;
  CHECK(refusal(given).find("origins[1]") != std::string::npos);
  origins[1].known.origin = str("http://b.example");
  const EngineHandle cloud = engine(given);

  std::array<Larger<hr_request>, 3> requests;
  requests[0].known.url = str("/0");
  requests[1].known.url = str("/1");
  requests[2].known.url = str("/2");
  std::array<hr_future*, 3> futures{};
  REQUIRE(hr_engine_submit_all(cloud.get(), &requests[0].known, 3, futures.data()));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(body_of(FutureHandle(futures[i])) == "/" + std::to_string(i));

  requests[1].known.struct_size = sizeof(hr_request);
  REQUIRE(hr_engine_submit_all(cloud.get(), &requests[0].known, 3, futures.data()));
  CHECK(body_of(FutureHandle(futures[0])) == "/0");
  CHECK(error_of(FutureHandle(futures[1])).code == HR_INVALID_ARGUMENT);
  CHECK(body_of(FutureHandle(futures[2])) == "/2");
}

TEST_CASE("S45: what is wrong with a request is said by its future, with the field's name") {
  const EngineHandle cloud = engine();
  const hr_field nothing[] = {{{nullptr, 3}, str("x")}};
  const auto refused = [&](auto change) {
    const std::string url = "http://127.0.0.1:1/";
    hr_request request = get(url);
    change(request);
    const std::string said = error_text(cloud, request);
    CAPTURE(said);
    REQUIRE(said.starts_with("invalid_argument: hr_request."));
    return said.substr(29, said.find(' ', 29) - 29);
  };
  CHECK(refused([](hr_request& r) { r.method = {nullptr, 3}; }) == "method");
  CHECK(refused([](hr_request& r) { r.url = {nullptr, 3}; }) == "url");
  CHECK(refused([](hr_request& r) { r.body = {nullptr, 3}; }) == "body");
  CHECK(refused([](hr_request& r) { r.fields_count = 1; }) == "fields");
  CHECK(refused([&](hr_request& r) { r.fields = nothing, r.fields_count = 1; }) == "fields[0]");
  CHECK(refused([](hr_request& r) { r.timeout_ms = -2; }) == "timeout_ms");
  CHECK(refused([](hr_request& r) { r.repeat = 3; }) == "repeat");
  CHECK(refused([](hr_request& r) { r.bulk = 2; }) == "bulk");
  CHECK(refused([](hr_request& r) { r.announce = -1; }) == "announce");
  CHECK(refused([](hr_request& r) { r.streamed = 2; }) == "streamed");
}
