#include "engine/api/destination.hpp"

#include <memory>
#include <vector>

#include "engine/api/inbox.hpp"
#include "tests/support/catch.hpp"

using headrace::Options;
using headrace::api::Destination;
using headrace::api::DestinationMemo;
using headrace::api::Inbox;
using headrace::detail::Ref;
using headrace::http::Origin;

namespace {

std::shared_ptr<const Origin> origin_at(std::uint16_t port) {
  return std::make_shared<const Origin>(false, "cloud.example", port);
}

}  // namespace

TEST_CASE("Calls of one thread to the same inbox and origin share a destination") {
  DestinationMemo memo;
  const auto inbox = std::make_shared<Inbox>(Options{});
  const auto other_inbox = std::make_shared<Inbox>(Options{});
  const auto origin = origin_at(80);
  const auto other_origin = origin_at(81);
  const Ref<Destination> first = memo.find_or_make(inbox, origin);
  CHECK(first->inbox() == inbox);
  CHECK(first->origin() == origin);
  CHECK(memo.find_or_make(other_inbox, origin).get() != first.get());
  CHECK(memo.find_or_make(inbox, other_origin).get() != first.get());
  CHECK(memo.find_or_make(inbox, origin).get() == first.get());
}

TEST_CASE("A destination that the memo forgot lasts as long as its calls") {
  DestinationMemo memo;
  const auto inbox = std::make_shared<Inbox>(Options{});
  std::weak_ptr<const Origin> origin;
  {
    const Ref<Destination> kept = memo.find_or_make(inbox, origin_at(80));
    origin = kept->origin();
    for (std::uint16_t port = 81; port < 100; ++port)
      CHECK(memo.find_or_make(inbox, origin_at(port))->origin()->port == port);
    CHECK_FALSE(origin.expired());
    CHECK(kept->origin()->port == 80);
  }
  CHECK(origin.expired());
}
