// layer: core, compiles
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/instant.hpp"

int later(headrace::Instant now) { return now.time_since_epoch().count() > 0 ? 1 : 0; }
