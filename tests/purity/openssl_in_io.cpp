// layer: io, fails: <openssl/ssl.h> may not be included here: engine/io does not use openssl
#include <openssl/ssl.h>
