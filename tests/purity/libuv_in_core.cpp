// layer: core, fails: <uv.h> may not be included here: engine/core does not use libuv
#include <uv.h>
