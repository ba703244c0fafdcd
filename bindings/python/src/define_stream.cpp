// headrace._native.Stream: what headrace._stream wraps.

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include "bindings.hpp"
#include "stream.hpp"
#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;

void define_stream(nb::module_& m) {
  nb::class_<Stream>(m, "Stream")
      .def("read", &Stream::read, nb::call_guard<nb::gil_scoped_release>())
      .def("close", &Stream::close, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("trailers", [](const Stream& stream) { return fields_of(stream.trailers()); });
}

}  // namespace headrace::python
