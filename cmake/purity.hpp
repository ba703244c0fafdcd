// Stands before every source file below the purity line (engine/base, engine/http, engine/core).
//
// There time is an argument and randomness a seed, so that any run can be repeated exactly. The
// standard headers that name clocks and the like are included first, then the names are taken
// away; the prelude macro lets those headers, and them alone, pass the closed doors.
#pragma once

#define HEADRACE_PURITY_PRELUDE
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#undef HEADRACE_PURITY_PRELUDE

#pragma GCC poison steady_clock system_clock high_resolution_clock file_clock
#pragma GCC poison clock_gettime gettimeofday timespec_get
#pragma GCC poison getenv secure_getenv setenv unsetenv putenv
#pragma GCC poison rand srand random_device drand48 getrandom
#pragma GCC poison fopen printf fprintf jthread this_thread
