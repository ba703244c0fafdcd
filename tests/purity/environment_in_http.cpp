// layer: http, fails: poisoned
#include <cstdlib>

const char* home() { return std::getenv("HOME"); }
