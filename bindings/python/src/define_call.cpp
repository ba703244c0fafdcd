// headrace._native.Call: what headrace._future wraps.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
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

// Signals are seen there alone; whether this is it, is asked for a long wait only.
bool on_main_thread() {
  const nb::object threading = nb::module_::import_("threading");
  return threading.attr("get_ident")().equal(threading.attr("main_thread")().attr("ident"));
}

// Threads between giving up the GIL in a wait and having it again. One that asks for it when the
// interpreter is at its end is unwound there, through frames that must not be.
std::atomic<int> waiting = 0;

struct Waiting {
  Waiting() { ++waiting; }
  ~Waiting() { --waiting; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
};

void let_waiters_return(double seconds) {
  const nb::gil_scoped_release unlocked;
  const auto deadline = deadline_in(seconds);
  while (waiting > 0 && std::chrono::steady_clock::now() < *deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// The main thread waits in slices, to see its signals: KeyboardInterrupt ends the wait, and not the
// call.
bool wait_for(Call& call, std::optional<double> seconds) {
  constexpr std::chrono::milliseconds slice{100};
  const Call::Deadline deadline = deadline_in(seconds);
  const auto wait_until = [&](const Call::Deadline& until) {
    const Waiting counted;
    const nb::gil_scoped_release unlocked;
    return call.wait(until);
  };
  for (bool first = true;; first = false) {
    const auto now = std::chrono::steady_clock::now();
    if (deadline && *deadline <= now + slice) return wait_until(deadline);
    if (wait_until(now + slice)) return true;
    if (first && !on_main_thread()) return wait_until(deadline);
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
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
  m.def("let_waiters_return", let_waiters_return, "seconds"_a);
  m.def("forget_waiters", [] { waiting = 0; });
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
