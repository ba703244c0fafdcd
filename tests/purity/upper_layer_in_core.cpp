// layer: core, fails: engine/core does not stand on engine/io
#include "engine/io/loop.hpp"
