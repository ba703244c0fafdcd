#include "engine/tls/session_cache.hpp"

#include "tests/support/catch.hpp"

namespace headrace::tls {
namespace {

// A session that counts as resumable: it has an id (TLS 1.2) of one letter.
SessionTicket ticket(char letter, int version = TLS1_2_VERSION) {
  SessionTicket made(SSL_SESSION_new());
  const auto id = static_cast<unsigned char>(letter);
  SSL_SESSION_set1_id(made.get(), &id, 1);
  SSL_SESSION_set_protocol_version(made.get(), version);
  return made;
}

char letter_of(const SessionTicket& session) {
  unsigned size = 0;
  return session ? static_cast<char>(SSL_SESSION_get_id(session.get(), &size)[0]) : '-';
}

TEST_CASE("the newest session is given, those of TLS 1.3 once, those of TLS 1.2 again and again") {
  SessionCache cache;
  cache.put("a", ticket('1', TLS1_3_VERSION));
  cache.put("a", ticket('2'));
  cache.put("a", ticket('3', TLS1_3_VERSION));
  CHECK(letter_of(cache.take("a")) == '3');
  CHECK(letter_of(cache.take("a")) == '2');
  CHECK(letter_of(cache.take("a")) == '2');
  CHECK(letter_of(cache.take("b")) == '-');
}

TEST_CASE("an origin keeps its newest sessions, within the limit") {
  SessionCache cache;
  for (char letter = 'a'; letter <= 'z'; ++letter) cache.put("o", ticket(letter, TLS1_3_VERSION));
  std::string given;
  while (const SessionTicket next = cache.take("o")) given += letter_of(next);
  CHECK(given == "zyxwvuts");
  CHECK(given.size() == SessionCache::tickets_per_origin_max);
}

TEST_CASE("of too many origins the one used longest ago is forgotten") {
  SessionCache cache;
  for (std::size_t i = 0; i < SessionCache::origins_max; ++i)
    cache.put(std::to_string(i), ticket('x'));
  CHECK(letter_of(cache.take("0")) == 'x');  // used now: 1 is the oldest
  cache.put("one more", ticket('y'));
  CHECK(cache.origins() == SessionCache::origins_max);
  CHECK(letter_of(cache.take("0")) == 'x');
  CHECK(letter_of(cache.take("1")) == '-');
  CHECK(letter_of(cache.take("one more")) == 'y');
}

}  // namespace
}  // namespace headrace::tls
