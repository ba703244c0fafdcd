// layer: http, fails: <openssl/ssl.h> may not be included here: engine/http does not use openssl
#include <openssl/ssl.h>
