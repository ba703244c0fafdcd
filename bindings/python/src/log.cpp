#include "log.hpp"

#include <array>
#include <memory>
#include <utility>

namespace headrace::python {
namespace nb = nanobind;
namespace {

constexpr std::array levels = {10, 20, 30};  // DEBUG, INFO, WARNING

// Copied with the engine's options, and gone with the last of them, on whatever thread that is.
class Callable {
 public:
  explicit Callable(nb::handle callable) : callable_(callable.inc_ref().ptr()) {}
  ~Callable() {
    if (Py_IsInitialized() == 0) return;
    const nb::gil_scoped_acquire locked;
    Py_DECREF(callable_);
  }
  Callable(const Callable&) = delete;
  Callable& operator=(const Callable&) = delete;

  void operator()(LogLevel level, std::string_view line) const noexcept {
    if (Py_IsInitialized() == 0) return;
    const nb::gil_scoped_acquire locked;
    PyObject* const text =
        PyUnicode_DecodeUTF8(line.data(), static_cast<Py_ssize_t>(line.size()), "replace");
    PyObject* const result =
        PyObject_CallFunction(callable_, "iN", levels[std::to_underlying(level)], text);
    if (result == nullptr) PyErr_WriteUnraisable(callable_);
    Py_XDECREF(result);
  }

 private:
  PyObject* callable_;
};

}  // namespace

Log log_to(nb::handle callable) {
  if (callable.is_none()) return {};
  if (PyCallable_Check(callable.ptr()) == 0) throw nb::type_error("log is not callable");
  return [to = std::make_shared<const Callable>(callable)](LogLevel level, std::string_view line) {
    (*to)(level, line);
  };
}

}  // namespace headrace::python
