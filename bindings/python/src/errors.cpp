#include "errors.hpp"

#include <nanobind/stl/string.h>

#include <string>

#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;

nb::object exception_of(const Error& error) {
  return nb::module_::import_("headrace._errors")
      .attr("from_native")(std::string(name_of(error.code)), std::string(name_of(error.phase)),
                           std::string(name_of(error.progress)), error.attempts,
                           error.safe_to_repeat, error.system_code, error.connection_id,
                           from_latin1(error.origin), from_latin1(error.detail),
                           from_latin1(to_string(error)));
}

void raise(const Error& error) {
  const nb::object exception = exception_of(error);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

}  // namespace headrace::python
