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
using headrace::http::Site;

namespace {

std::shared_ptr<const Site> site_at(std::uint16_t port) {
  return headrace::http::site_of({{false, "cloud.example", port}}).value();
}

}  // namespace

TEST_CASE("Calls of one thread to the same inbox and site share a destination") {
  DestinationMemo memo;
  const auto inbox = std::make_shared<Inbox>(Options{});
  const auto other_inbox = std::make_shared<Inbox>(Options{});
  const auto site = site_at(80);
  const auto other_site = site_at(81);
  const Ref<Destination> first = memo.find_or_make(inbox, *site);
  CHECK(first->inbox() == inbox);
  CHECK(first->site() == site);
  CHECK(memo.find_or_make(other_inbox, *site).get() != first.get());
  CHECK(memo.find_or_make(inbox, *other_site).get() != first.get());
  CHECK(memo.find_or_make(inbox, *site).get() == first.get());
}

TEST_CASE("A destination that the memo forgot lasts as long as its calls") {
  DestinationMemo memo;
  const auto inbox = std::make_shared<Inbox>(Options{});
  std::weak_ptr<const Site> site;
  {
    const Ref<Destination> kept = memo.find_or_make(inbox, *site_at(80));
    site = kept->site();
    for (std::uint16_t port = 81; port < 100; ++port)
      CHECK(memo.find_or_make(inbox, *site_at(port))->site()->origin.port == port);
    CHECK_FALSE(site.expired());
    CHECK(kept->site()->origin.port == 80);
  }
  CHECK(site.expired());
}
