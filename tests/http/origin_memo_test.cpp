#include "engine/http/origin_memo.hpp"

#include <string>
#include <string_view>

#include "engine/http/grammar.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using http::OriginMemo;

namespace {

std::string taken(OriginMemo& memo, std::string_view url) {
  const auto site = memo.take_site(url);
  return site ? to_string((*site)->origin) + " " + std::string{url} : "refused";
}

}  // namespace

TEST_CASE("What an origin's name stands for is read once, and means the same again") {
  OriginMemo memo;
  std::string_view first = "http://h:8080/a";
  std::string_view second = "http://h:8080/b?c#d";
  const auto site = memo.take_site(first);
  REQUIRE(site);
  CHECK(*memo.take_site(second) == *site);
  CHECK(second == "/b?c#d");
  CHECK((*site)->host == "h:8080");
  CHECK(taken(memo, "http://h:8080") == "http://h:8080 ");
  CHECK(taken(memo, "http://h:8080?q") == "http://h:8080 ?q");
  CHECK(taken(memo, "http://h:8080#f") == "http://h:8080 #f");
}

TEST_CASE("A URL that only begins like a known one is another's") {
  OriginMemo memo;
  REQUIRE(taken(memo, "http://h") == "http://h:80 ");
  CHECK(taken(memo, "http://h.evil/") == "http://h.evil:80 /");
  CHECK(taken(memo, "http://h:81/") == "http://h:81 /");
  CHECK(taken(memo, "http://h@evil/") == "refused");
  CHECK(taken(memo, "http://h\\evil/") == "refused");
  CHECK(taken(memo, "https://h/") == "https://h:443 /");
  CHECK(taken(memo, "http://h/") == "http://h:80 /");
}

TEST_CASE("A memo forgets the oldest of many, and nothing goes wrong for it") {
  OriginMemo memo;
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 20; ++i) {
      const std::string host = "h" + std::to_string(i);
      REQUIRE(taken(memo, "http://" + host + "/x") == "http://" + host + ":80 /x");
    }
  CHECK(taken(memo, "nonsense") == "refused");
}

TEST_CASE("Visible bytes are told from others wherever they stand") {
  for (std::size_t size : {1U, 3U, 4U, 7U, 8U, 9U, 16U, 21U})
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, static_cast<char>('"' + byte % 2));  // as near to '#' as can be
        for (char& other : text) other = other == '#' ? '!' : other;
        text[at] = static_cast<char>(byte);
        const bool visible = byte >= 0x21 && byte <= 0x7e;
        if (http::is_all_visible(text) != visible) FAIL("byte " << byte << " at " << at);
        if (http::is_all_visible_without('#', text) != (visible && byte != '#'))
          FAIL("byte " << byte << " at " << at << " of " << size);
      }
  CHECK(http::is_all_visible(""));
  CHECK(http::is_all_visible_without('#', ""));
  CHECK_FALSE(http::is_all_visible_without('#', "##\"\"\"\"\"\"\""));
}
