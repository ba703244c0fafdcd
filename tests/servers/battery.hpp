#pragma once

#include "tests/servers/under_test.hpp"

// What every real server is asked. What it was seen to do with that must stand in the table of
// tests/README.md.
namespace headrace::test {

// 1,000 GETs at 5 x 5.
void ask_for_files(const UnderTest& server, Scheme scheme);

// HEADs, misses and POSTs among GETs.
void ask_by_every_method(const UnderTest& server, Scheme scheme);

// Answers and requests whose bodies come in chunks.
void ask_in_chunks(const UnderTest& server, Scheme scheme);

// GETs at 5 x 5 of one that is limited.
void ask_a_limited_one(const UnderTest& server, Scheme scheme);

// GETs at 5 x 5, with a POST every now and then, that go on while it is told to reload and until it
// has: 1,000 at least.
void ask_while_it_reloads(UnderTest& server, Scheme scheme);

}  // namespace headrace::test
