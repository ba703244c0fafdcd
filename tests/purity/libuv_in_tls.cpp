// layer: tls, fails: <uv.h> may not be included here: engine/tls does not use libuv
#include <uv.h>
