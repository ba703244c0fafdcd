#pragma once

#include <memory>

#include "engine/tls/memory_stream.hpp"
#include "engine/tls/openssl.hpp"

namespace headrace::tls {

using BioMethod = std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>>;

// The kind of BIO that reads a stream's input and appends to its output. Unlike OpenSSL's own
// memory BIO it copies no input and keeps no memory between turns. Null when out of memory. It must
// outlive every BIO made of it.
BioMethod make_memory_method();

// A BIO over a stream that must outlive it; null when out of memory.
BIO* make_memory_bio(const BIO_METHOD* method, MemoryStream& stream);

}  // namespace headrace::tls
