// headrace._native.Stream: what headrace._stream wraps. Head and pieces come as the outcome of a
// Call, so that threads, event loops and greenlets wait for them as for any response.

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <memory>

#include "bindings.hpp"
#include "bindings/common/body_pieces.hpp"
#include "call.hpp"
#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;

void define_stream(nb::module_& m) {
  const nb::call_guard<nb::gil_scoped_release> unlocked;
  nb::class_<BodyPieces>(m, "Stream")
      .def(
          "read", [](BodyPieces& pieces) { return std::make_shared<Call>(pieces.read()); },
          unlocked)
      .def("close", &BodyPieces::close, unlocked)
      .def_prop_ro("trailers",
                   [](const BodyPieces& pieces) { return fields_of(pieces.trailers()); });
}

}  // namespace headrace::python
