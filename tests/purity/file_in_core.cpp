// layer: core, fails: <fstream> may not be included here: engine/core lies below the purity line
#include <fstream>
