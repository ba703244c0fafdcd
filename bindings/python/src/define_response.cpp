// headrace._native.Response: what headrace._response wraps.

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <optional>
#include <string>

#include "bindings.hpp"
#include "headrace/response.hpp"
#include "json.hpp"
#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;
namespace {

nb::object seconds(const std::optional<std::chrono::nanoseconds>& duration) {
  if (!duration) return nb::none();
  return nb::float_(std::chrono::duration<double>(*duration).count());
}

nb::dict timings_of(const Response& response) {
  nb::dict timings;
  timings["queued"] = seconds(response.timings.queued);
  timings["connect"] = seconds(response.timings.connect);
  timings["first_byte"] = seconds(response.timings.first_byte);
  timings["total"] = seconds(response.timings.total);
  return timings;
}

// memoryview(response) sees the body where it lies, and keeps the response.
int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  const auto& response = *nb::inst_ptr<Response>(self);
  return PyBuffer_FillInfo(view, self, const_cast<char*>(response.body.data()),
                           static_cast<Py_ssize_t>(response.body.size()), 1, flags);
}

PyType_Slot response_slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)},
                                {0, nullptr}};

}  // namespace

void define_response(nb::module_& m) {
  nb::class_<Response>(m, "Response", nb::type_slots(response_slots))
      .def_prop_ro("status", [](const Response& r) { return r.status; })
      .def_prop_ro("http_minor", [](const Response& r) { return r.http_minor; })
      .def_prop_ro("reason", [](const Response& r) { return from_latin1(r.reason); })
      .def_prop_ro("headers", [](const Response& r) { return fields_of(r.headers); })
      .def_prop_ro("trailers", [](const Response& r) { return fields_of(r.trailers); })
      .def_prop_ro("content",
                   [](const Response& r) { return nb::bytes(r.body.data(), r.body.size()); })
      .def("json", json_of)
      .def("field",
           [](const Response& r, const std::string& name) -> nb::object {
             const auto value = r.headers.get(name);
             return value ? nb::object(from_latin1(*value)) : nb::none();
           })
      .def_prop_ro("timings", timings_of)
      .def_prop_ro("attempts", [](const Response& r) { return r.attempts; })
      .def_prop_ro("connection_id", [](const Response& r) { return r.connection_id; })
      .def_prop_ro("suspect", [](const Response& r) { return r.suspect; });
}

}  // namespace headrace::python
