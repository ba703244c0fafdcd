// layer: core, fails: <thread> may not be included here: engine/core lies below the purity line
#include <thread>
