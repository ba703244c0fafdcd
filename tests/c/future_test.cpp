// S45: requests, and what their futures give.

#include "tests/c/scene.hpp"

using namespace headrace::test;

TEST_CASE("S45: a request's parts arrive, and its response's parts come back") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const hr_field fields[] = {{str("X-One"), str("1")}, {str("X-Two"), str("2")}};
  const std::string url = server.url("/vms");
  hr_request request = get(url);
  request.method = str("POST");
  request.fields = fields;
  request.fields_count = 2;
  request.body = str("question");
  int mine = 0;
  request.user_data = &mine;
  const FutureHandle call = submit(cloud, request);

  Peer peer = server.accept();
  const ReceivedRequest received = peer.read_request();
  CHECK(received.method == "POST");
  CHECK(received.target == "/vms");
  CHECK(received.field("X-One") == "1");
  CHECK(received.field("X-Two") == "2");
  CHECK(received.body == "question");
  peer.send(
      "HTTP/1.1 201 Made\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
      "6\r\nanswer\r\n0\r\nT: u\r\n\r\n");

  REQUIRE(hr_future_wait(call.get(), HR_NONE) == HR_WAIT_READY);
  CHECK(hr_future_error(call.get()) == nullptr);
  const hr_response* const response = hr_future_response(call.get());
  REQUIRE(response != nullptr);
  CHECK(response->struct_size == sizeof(hr_response));
  CHECK(response->status == 201);
  CHECK(response->http_minor == 1);
  CHECK(std::string(response->reason.data) == "Made");
  CHECK(std::string(response->body.data) == "answer");
  CHECK(response->body.size == 6);
  CHECK(response->attempts == 1);
  CHECK(response->suspect == 0);
  CHECK(response->connection_id != 0);
  CHECK(response->connect_ns > 0);
  CHECK(response->total_ns >= response->first_byte_ns);
  CHECK(response->fields_count == 2);
  CHECK(text(hr_response_field(response, 0).name) == "X-A");
  CHECK(text(hr_response_field(response, 0).value) == "b");
  CHECK(hr_response_field(response, 2).name.data == nullptr);
  CHECK(response->trailers_count == 1);
  CHECK(text(hr_response_trailer(response, 0).value) == "u");
  hr_str value{};
  CHECK(hr_response_find(response, str("x-a"), &value));
  CHECK(text(value) == "b");
  CHECK_FALSE(hr_response_find(response, str("x-b"), &value));
  CHECK(hr_future_user_data(call.get()) == &mine);
}

TEST_CASE("S45: an error says what, where, how often and whether to repeat") {
  ScriptedServer server;
  hr_options given = options();
  given.attempts_max = 1;
  const EngineHandle cloud = engine(given);
  const FutureHandle call = submit(cloud, get(server.url("/")));
  Peer peer = server.accept();
  peer.read_request();
  peer.close();

  const hr_error& error = error_of(call);
  CHECK(error.struct_size == sizeof(hr_error));
  CHECK(error.code == HR_CONNECTION_LOST);
  CHECK(error.phase == HR_PHASE_WAIT);
  CHECK(error.progress == HR_SENT);
  CHECK(error.attempts == 1);
  CHECK(error.safe_to_repeat == 1);
  CHECK(error.connection_id != 0);
  CHECK(text(error.origin) + "/" == server.url("/"));
  CHECK(error.detail.size > 0);
  CHECK(std::string(error.text.data).starts_with("connection_lost: "));
}

TEST_CASE("S45: a wait that times out leaves the future as it was") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const FutureHandle call = submit(cloud, get(server.url("/")));
  Peer peer = server.accept();
  peer.read_request();
  CHECK(hr_future_wait(call.get(), 0) == HR_WAIT_TIMED_OUT);
  CHECK(hr_future_wait(call.get(), 1) == HR_WAIT_TIMED_OUT);
  CHECK_FALSE(hr_future_ready(call.get()));
  CHECK(hr_future_response(call.get()) == nullptr);
  CHECK(hr_future_error(call.get()) == nullptr);
  peer.send(ok("late"));
  CHECK(body_of(call) == "late");
  CHECK(hr_future_ready(call.get()));
  CHECK(hr_future_wait(call.get(), 0) == HR_WAIT_READY);
}

TEST_CASE("S45: a request's own deadline, or none, goes before the engine's") {
  ScriptedServer server;
  hr_options given = options();
  given.timeout_ms = 1;
  const EngineHandle cloud = engine(given);
  const FutureHandle short_lived = submit(cloud, get(server.url("/short")));
  CHECK(error_of(short_lived).code == HR_TIMED_OUT);
  const std::string url = server.url("/long");
  hr_request request = get(url);
  request.timeout_ms = HR_NONE;
  const FutureHandle patient = submit(cloud, request);
  server.serve(echo_targets);
  CHECK(body_of(patient) == "/long");
}

TEST_CASE("S45: a cancelled request is over, freed or not, and its neighbours are not") {
  ScriptedServer server;
  hr_options given = options();
  given.connections_max = 1;
  const EngineHandle cloud = engine(given);
  FutureHandle first = submit(cloud, get(server.url("/first")));
  FutureHandle second = submit(cloud, get(server.url("/second")));
  const FutureHandle third = submit(cloud, get(server.url("/third")));
  hr_future_cancel(second.get());
  CHECK(error_of(second).code == HR_CANCELLED);
  hr_future_cancel(second.get());
  CHECK(error_of(second).code == HR_CANCELLED);
  first.reset();
  server.serve(echo_targets);
  CHECK(body_of(third) == "/third");
}

TEST_CASE("S45: a detached request runs to its end") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/unwatched");
  hr_request request = get(url);
  hr_future_detach(hr_engine_submit(cloud.get(), &request));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/unwatched");
  request.announce = 1;
  hr_future_detach(hr_engine_submit(cloud.get(), &request));
  Peer other = server.accept();
  CHECK(other.read_request().target == "/unwatched");
}

TEST_CASE("S45: a verify looks at the answer, and may not wait") {
  struct Looked {
    hr_engine* engine;
    std::string body = {};
    hr_wait_result waited = HR_WAIT_READY;
  };
  ScriptedServer server;
  server.serve(echo_targets);
  const EngineHandle cloud = engine();
  Looked looked{.engine = cloud.get()};
  const std::string url = server.url("/mine");
  hr_request request = get(url);
  request.verify_context = &looked;
  request.verify = [](void* context, const hr_response* response) {
    auto& seen = *static_cast<Looked*>(context);
    seen.body = text(response->body);
    hr_request inner{};
    inner.struct_size = sizeof(inner);
    inner.url = str("http://127.0.0.1:1/");
    const FutureHandle call(hr_engine_submit(seen.engine, &inner));
    seen.waited = hr_future_wait(call.get(), HR_NONE);
    return true;
  };
  CHECK(body_of(submit(cloud, request)) == "/mine");
  CHECK(looked.body == "/mine");
  CHECK(looked.waited == HR_WAIT_REFUSED);

  request.verify = [](void*, const hr_response*) { return false; };
  request.repeat = HR_REPEAT_FORBIDDEN;
  CHECK(error_of(submit(cloud, request)).code == HR_WRONG_ANSWER);
}

TEST_CASE("S45: a future outlives its engine, closed") {
  ScriptedServer server;
  EngineHandle cloud = engine();
  const FutureHandle call = submit(cloud, get(server.url("/")));
  Peer peer = server.accept();
  hr_engine_shut_down(cloud.get(), 0);
  const FutureHandle late = submit(cloud, get(server.url("/")));
  cloud.reset();
  CHECK(error_of(call).code == HR_CLOSED);
  CHECK(error_of(late).code == HR_CLOSED);
}
