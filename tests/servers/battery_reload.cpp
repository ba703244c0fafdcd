#include <functional>
#include <set>

#include "tests/servers/battery.hpp"
#include "tests/servers/table.hpp"

namespace headrace::test {
namespace {

constexpr std::size_t batch = 200;
constexpr std::size_t before_the_reload = 200;  // answers
constexpr std::size_t requests_min = 1'000;
constexpr std::size_t requests_until_reminded = 5'000;
constexpr std::size_t requests_max = 100'000;  // turns a reload that never comes into a failure

// Requests that go on, each unlike the others, and what became of them.
class Traffic {
 public:
  Traffic(const UnderTest& server, Scheme scheme)
      : server_(server), scheme_(scheme), engine_(server.options()) {}

  std::size_t asked() const { return asked_; }

  // Asks so often, and shows every right answer.
  void ask(std::size_t times, const std::function<void(const Response&)>& on_answer) {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < times; ++i) requests.push_back(request(asked_ + i));
    for (auto& [index, result] : as_completed(engine_.submit_all(requests))) {
      judge(asked_ + index, result);
      if (result) on_answer(*result);
    }
    asked_ += times;
  }

  // Nothing lost, nothing mixed, and no POST executed twice.
  void check() const {
    CHECK(wrong_ == std::vector<std::string>());
    for (std::size_t i = 0; i < asked_; ++i)
      if (is_post(i) && server_.application().times_posted(body_of(i)) > 1) FAIL_CHECK(body_of(i));
  }

 private:
  static bool is_post(std::size_t number) { return number % 50 == 49; }
  std::string body_of(std::size_t number) const {
    return is_post(number) ? url_of(server_.files(), scheme_, "/") + std::to_string(number)
                           : WebServer::body_of(number);
  }

  Request request(std::size_t number) const {
    if (!is_post(number))
      return {.url = url_of(server_.files(), scheme_, WebServer::path_of(number))};
    return {.method = "POST",
            .url = url_of(server_.files(), scheme_, "/app/echo"),
            .body = body_of(number)};
  }

  // A POST may be lost with its connection: whether it was executed nobody knows, so it is not
  // written again. Its caller is told.
  void judge(std::size_t number, const Result<Response>& result) {
    if (result && result->status == 200 && result->body == body_of(number)) return;
    if (is_post(number) && !result && result.error().code == ErrorCode::connection_lost) return;
    if (wrong_.size() < 5)
      wrong_.push_back(result ? std::to_string(result->status) + result->body
                              : to_string(result.error()));
  }

  const UnderTest& server_;
  Scheme scheme_;
  Engine engine_;
  std::size_t asked_ = 0;
  std::vector<std::string> wrong_;  // the first few
};

}  // namespace

void ask_while_it_reloads(UnderTest& server, Scheme scheme) {
  Traffic traffic(server, scheme);
  std::set<std::uint64_t> before;  // connections that gave answers
  std::size_t answers = 0;
  bool reloaded = false;
  const auto on_answer = [&](const Response& answer) {
    if (++answers <= before_the_reload) before.insert(answer.connection_id);
    if (answers == before_the_reload) server.reload();
    if (answers > before_the_reload && !reloaded) reloaded = server.has_reloaded(answer);
  };
  traffic.ask(requests_min, on_answer);
  while (!reloaded && traffic.asked() < requests_max) {
    traffic.ask(batch, on_answer);
    if (traffic.asked() % requests_until_reminded == 0) server.remind();
  }
  REQUIRE(reloaded);
  traffic.ask(batch, on_answer);  // which ends what is only waiting for an answer to end with

  bool kept = false;
  traffic.ask(batch, [&](const Response& answer) {
    if (server.has_reloaded(answer) && before.contains(answer.connection_id)) kept = true;
  });
  traffic.check();
  check_cell(server.row(scheme), "after a reload connections", kept ? "go on" : "end");
}

}  // namespace headrace::test
