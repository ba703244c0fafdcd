// layer: http, fails: <llhttp.h> may not be included here
#include <llhttp.h>
