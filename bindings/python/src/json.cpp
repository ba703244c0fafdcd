#include "json.hpp"

#include <simdjson.h>

#include <string_view>

namespace headrace::python {
namespace nb = nanobind;
namespace {

nb::object text_of(std::string_view text) {
  return nb::steal(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
}

nb::object checked(PyObject* object) {
  if (object == nullptr) throw nb::python_error();
  return nb::steal(object);
}

// As deep as simdjson lets it be, which is a thousand levels.
nb::object object_of(simdjson::dom::element element) {
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::OBJECT: {
      nb::dict object;
      for (const auto& [key, value] : simdjson::dom::object(element)) {
        const nb::object name = text_of(key);
        const nb::object converted = object_of(value);
        if (!name.is_valid() || PyDict_SetItem(object.ptr(), name.ptr(), converted.ptr()) < 0)
          throw nb::python_error();
      }
      return object;
    }
    case Type::ARRAY: {
      nb::list list;
      for (const simdjson::dom::element item : simdjson::dom::array(element))
        list.append(object_of(item));
      return list;
    }
    case Type::STRING:
      return text_of(std::string_view(element));
    case Type::INT64:
      return checked(PyLong_FromLongLong(std::int64_t(element)));
    case Type::UINT64:
      return checked(PyLong_FromUnsignedLongLong(std::uint64_t(element)));
    case Type::DOUBLE:
      return checked(PyFloat_FromDouble(double(element)));
    case Type::BOOL:
      return nb::bool_(bool(element));
    default:
      return nb::none();
  }
}

}  // namespace

nb::object json_of(const Response& response) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element document;
  const std::string& body = response.body;
  const bool padded = body.capacity() >= body.size() + simdjson::SIMDJSON_PADDING;
  if (parser.parse(body.data(), body.size(), !padded).get(document) == simdjson::SUCCESS)
    return object_of(document);
  const nb::bytes text(body.data(), body.size());
  return nb::module_::import_("json").attr("loads")(text);
}

}  // namespace headrace::python
