#include "engine/api/runner.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "engine/core/core.hpp"
#include "tests/support/call_to.hpp"
#include "tests/support/catch.hpp"

using headrace::Error;
using headrace::ErrorCode;
using headrace::Options;
using headrace::api::Arrival;
using headrace::api::Call;
using headrace::api::Inbox;
using headrace::api::Runner;

TEST_CASE("A call that is cancelled again and again leaves one word for the loop") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());
  const auto call = headrace::test::call_to(inbox);
  for (int i = 0; i < 10; ++i) call->cancel();
  Inbox::Mail mail;
  inbox->take(mail);
  CHECK(mail.cancels.size() == 1);
  inbox->close("the test is over");
}

TEST_CASE("S1: what the core leaves undone fails as internal when the loop ends") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());

  const auto site = headrace::http::site_of({{false, "cloud.example", 80}}).value();
  auto call = headrace::test::call_to(inbox, site);
  Arrival arrival{
      .call = headrace::detail::Ref<Call>::share(*call),
      .submission = {.prepared = {.site = site.get(),
                                  .keeper = {},
                                  .wire = headrace::http::Wire("GET / HTTP/1.1\r\n\r\n"),
                                  .traits = {}}}};
  std::optional<Error> refusal;
  REQUIRE(inbox->submit(arrival, refusal));
  headrace::core::Core forgetful(options, 1);  // takes the request, and is never driven
  static_cast<headrace::io::Host&>(runner).on_wake(forgetful, {});
  CHECK_FALSE(call->ready());

  inbox->shut_down({});
  runner.run();
  REQUIRE(call->ready());
  CHECK(call->take().error().code == ErrorCode::internal);
}
