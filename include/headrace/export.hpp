#pragma once

// Marks what a shared build of headrace shows to its users; everything else is compiled hidden.

#if defined(HEADRACE_SHARED)
#define HEADRACE_API __attribute__((visibility("default")))
#else
#define HEADRACE_API
#endif
