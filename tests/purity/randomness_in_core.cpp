// layer: core, fails: <random> may not be included here
#include <random>

unsigned seed() { return std::random_device{}(); }
