// The extension module headrace._native: the engine as Python's part of the package wants it.

#include <nanobind/nanobind.h>

#include "bindings.hpp"
#include "headrace/version.hpp"

NB_MODULE(_native, m) {
  using namespace headrace::python;
  nanobind::set_leak_warnings(false);  // what daemon threads hold at the end stays with them
  m.attr("__version__") = HEADRACE_VERSION;
  define_response(m);
  define_call(m);
  define_mailbox(m);
  define_stream(m);
  define_upload(m);
  define_engine(m);
}
