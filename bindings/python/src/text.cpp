#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;
namespace {

std::string copy_of(PyObject* bytes) {
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

}  // namespace

std::string to_bytes(nb::handle text) {
  if (PyBytes_Check(text.ptr())) return copy_of(text.ptr());
  if (!PyUnicode_Check(text.ptr()))
    throw nb::type_error("methods, URLs and header fields are str or bytes");
  if (PyUnicode_IS_ASCII(text.ptr())) {
    Py_ssize_t size = 0;
    const char* data = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (data == nullptr) throw nb::python_error();
    return {data, static_cast<std::size_t>(size)};
  }
  const auto encoded = nb::steal(PyUnicode_AsLatin1String(text.ptr()));
  if (!encoded.is_valid()) throw nb::python_error();
  return copy_of(encoded.ptr());
}

nb::str from_latin1(std::string_view octets) {
  PyObject* text =
      PyUnicode_DecodeLatin1(octets.data(), static_cast<Py_ssize_t>(octets.size()), nullptr);
  if (text == nullptr) throw nb::python_error();
  return nb::steal<nb::str>(text);
}

nb::list fields_of(const Headers& headers) {
  nb::list fields;
  for (const Field field : headers)
    fields.append(nb::make_tuple(from_latin1(field.name), from_latin1(field.value)));
  return fields;
}

}  // namespace headrace::python
