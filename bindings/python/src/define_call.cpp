// headrace._native.Call: what headrace._future wraps.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"

namespace headrace::python {
namespace nb = nanobind;
using nb::literals::operator""_a;
namespace {

Call::Deadline deadline_in(std::optional<double> seconds) {
  constexpr double century = 100.0 * 365 * 86400;
  if (!seconds || *seconds >= century) return std::nullopt;
  using Clock = std::chrono::steady_clock;
  const std::chrono::duration<double> limit(std::max(*seconds, 0.0));
  return Clock::now() + std::chrono::ceil<Clock::duration>(limit);
}

// In slices, so that the main thread sees its signals: KeyboardInterrupt ends the wait, and not the
// call.
bool wait_for(Call& call, std::optional<double> seconds) {
  constexpr std::chrono::milliseconds slice{100};
  const Call::Deadline deadline = deadline_in(seconds);
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const bool last = deadline && *deadline <= now + slice;
    {
      const nb::gil_scoped_release unlocked;
      if (call.wait(last ? *deadline : now + slice)) return true;
    }
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (last) return false;
  }
}

// add_done_callback: runs on the thread that completes the call, with the GIL.
class Caller final : public Subscriber {
 public:
  explicit Caller(nb::object callable) : callable_(callable.release().ptr()) {}
  ~Caller() override {
    if (callable_ == nullptr || Py_IsInitialized() == 0) return;
    const nb::gil_scoped_acquire locked;
    Py_DECREF(callable_);
  }

  void on_complete(const std::shared_ptr<Call>&) noexcept override {
    if (Py_IsInitialized() == 0) return;
    const nb::gil_scoped_acquire locked;
    PyObject* const result = PyObject_CallNoArgs(callable_);
    if (result == nullptr) PyErr_WriteUnraisable(callable_);
    Py_XDECREF(result);
  }

 private:
  PyObject* callable_;
};

}  // namespace

void define_call(nb::module_& m) {
  nb::class_<Call>(m, "Call")
      .def("ready", &Call::ready)
      .def("cancel", &Call::cancel)
      .def("wait", wait_for, "seconds"_a.none())
      .def("outcome",
           [](const Call& call) {
             if (!call.outcome()) raise(call.outcome().error());
             return *call.outcome();
           })
      .def("error",
           [](const Call& call) -> nb::object {
             return call.outcome() ? nb::none() : exception_of(call.outcome().error());
           })
      .def("call_when_ready", [](Call& call, nb::object callable) {
        call.subscribe(std::make_unique<Caller>(std::move(callable)));
      });
}

}  // namespace headrace::python
