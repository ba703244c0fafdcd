#include "engine/tls/memory_bio.hpp"

#include <openssl/bio.h>

#include <algorithm>
#include <cstddef>

namespace headrace::tls {
namespace {

MemoryStream& stream_of(BIO* bio) { return *static_cast<MemoryStream*>(BIO_get_data(bio)); }

int read_input(BIO* bio, char* to, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  Bytes& input = stream_of(bio).input;
  *count = std::min(size, input.size());
  if (*count == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::copy_n(input.data(), *count, to);
  input.remove_prefix(*count);
  return 1;
}

int write_output(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  *count = 0;
  // An exception must not cross OpenSSL's C frames; it sees a failed write instead.
  try {
    stream_of(bio).output.append(from, size);
  } catch (...) {
    return 0;
  }
  *count = size;
  return 1;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace

BioMethod make_memory_method() {
  // Type 0: only BIO_find_type looks at types, and there are few to hand out in a process.
  BioMethod method(BIO_meth_new(0, "headrace memory stream"));
  if (!method) return nullptr;
  BIO_meth_set_read_ex(method.get(), read_input);
  BIO_meth_set_write_ex(method.get(), write_output);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

BIO* make_memory_bio(const BIO_METHOD* method, MemoryStream& stream) {
  BIO* bio = BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &stream);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace headrace::tls
