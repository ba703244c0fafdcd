// layer: tls, compiles
#include <openssl/ssl.h>

#include <mutex>

int guarded() {
  std::mutex mutex;
  const std::lock_guard lock(mutex);
  return SSL_VERIFY_PEER;
}
