#pragma once

// Catch2, version 3 or 2: the tests are written in what both understand.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
