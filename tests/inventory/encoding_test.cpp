#include <string>

#include "bindings/common/base64.hpp"
#include "bindings/inventory/percent.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;

TEST_CASE("base64 gives the examples of RFC 4648 section 10, both ways") {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text) == bytes);
  }
}

TEST_CASE("base64 keeps all bytes") {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    CHECK(base64_decode(base64_encode(bytes.substr(0, size))) == bytes.substr(0, size));
}

TEST_CASE("base64 that nobody would have written is refused") {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "====", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9-"}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text));
  }
}

TEST_CASE("percent-encoding leaves only unreserved characters") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("page 1&max=2/../\r\n%\xff") == "page%201%26max%3D2%2F..%2F%0D%0A%25%FF");
}
