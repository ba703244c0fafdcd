// The extension module headrace._native: the engine as Python's part of the package wants it.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "call.hpp"
#include "json.hpp"
#include "mailbox.hpp"
#include "options.hpp"
#include "text.hpp"

namespace headrace::python {
namespace nb = nanobind;
using nb::literals::operator""_a;

namespace {

// Of Python's part: they are looked up once, when the module is imported.
struct Names {
  PyObject* done = PyUnicode_InternFromString("done");
  PyObject* set_result = PyUnicode_InternFromString("set_result");
  PyObject* set_exception = PyUnicode_InternFromString("set_exception");
};
Names* names = nullptr;

nb::object attribute(const char* module, const char* name) {
  return nb::module_::import_(module).attr(name);
}

nb::object exception_of(const Error& error) {
  return attribute("headrace._errors", "from_native")(
      std::string(name_of(error.code)), std::string(name_of(error.phase)),
      std::string(name_of(error.progress)), error.attempts, error.safe_to_repeat, error.system_code,
      error.connection_id, from_latin1(error.origin), from_latin1(error.detail),
      from_latin1(to_string(error)));
}

[[noreturn]] void raise(const Error& error) {
  const nb::object exception = exception_of(error);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

nb::list fields_of(const Headers& headers) {
  nb::list fields;
  for (const Field field : headers)
    fields.append(nb::make_tuple(from_latin1(field.name), from_latin1(field.value)));
  return fields;
}

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

// Gives the receiver what became of its call, unless it has given up. What it throws is its own.
void open_letter(const Mailbox::Letter& letter, const nb::object& make_response) {
  const nb::object receiver = nb::steal(letter.receiver);
  const auto given_up = nb::steal(PyObject_CallMethodNoArgs(receiver.ptr(), names->done));
  if (!given_up.is_valid()) throw nb::python_error();
  if (given_up.ptr() == Py_True) return;
  const Call::Outcome& outcome = letter.call->outcome();
  const nb::object value =
      outcome ? make_response(nb::cast(*outcome)) : exception_of(outcome.error());
  PyObject* const how = outcome ? names->set_result : names->set_exception;
  if (!nb::steal(PyObject_CallMethodOneArg(receiver.ptr(), how, value.ptr())).is_valid())
    throw nb::python_error();
}

void deliver(Mailbox& mailbox, const nb::object& make_response) {
  for (const Mailbox::Letter& letter : mailbox.take()) {
    try {
      open_letter(letter, make_response);
    } catch (nb::python_error& error) {
      error.discard_as_unraisable("a future of headrace");
    }
  }
}

// Waits for the engine's threads, and their callbacks may need the GIL meanwhile.
class PyEngine {
 public:
  explicit PyEngine(const nb::dict& options) {
    Result<Engine> engine = Engine::create(options_of(options));
    if (!engine) raise(engine.error());
    engine_.emplace(*std::move(engine));
  }
  ~PyEngine() {
    const nb::gil_scoped_release unlocked;
    engine_.reset();
  }
  PyEngine(const PyEngine&) = delete;
  PyEngine& operator=(const PyEngine&) = delete;

  std::shared_ptr<Call> submit(nb::handle method, nb::handle url, const nb::list& headers,
                               nb::handle body, std::optional<double> timeout, int repeat) {
    Request request{.method = to_bytes(method), .url = to_bytes(url)};
    for (const nb::handle field : headers)
      request.headers.append(to_bytes(field[0]), to_bytes(field[1]));
    if (!body.is_none()) request.body = to_bytes(body);
    if (timeout) request.timeout = std::chrono::milliseconds(std::llround(*timeout * 1000));
    request.repeat = static_cast<Repeat>(repeat);
    return std::make_shared<Call>(engine_->submit(request));
  }

  std::shared_ptr<Call> submit_to(const std::shared_ptr<Mailbox>& mailbox, nb::handle receiver,
                                  nb::handle method, nb::handle url, const nb::list& headers,
                                  nb::handle body, std::optional<double> timeout, int repeat) {
    std::shared_ptr<Call> call = submit(method, url, headers, body, timeout, repeat);
    call->subscribe(mailbox->subscriber(receiver.ptr()));
    return call;
  }

  void shut_down(double grace) {
    const nb::gil_scoped_release unlocked;
    engine_->shut_down(std::chrono::milliseconds(std::llround(grace * 1000)));
  }

  std::string profiles() const {
    const nb::gil_scoped_release unlocked;
    return engine_->profiles();
  }

 private:
  std::optional<Engine> engine_;
};

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

}  // namespace

NB_MODULE(_native, m) {
  nb::set_leak_warnings(false);  // what daemon threads hold at the end stays with them
  names = new Names;
  m.attr("__version__") = HEADRACE_VERSION;
  define_response(m);
  define_call(m);
  nb::class_<Mailbox>(m, "Mailbox")
      .def(nb::new_([] { return std::make_shared<Mailbox>(); }))
      .def("fileno", &Mailbox::descriptor)
      .def("deliver", deliver)
      .def("subscribe", [](Mailbox& mailbox, nb::handle receiver, Call& call) {
        call.subscribe(mailbox.subscriber(receiver.ptr()));
      });
  nb::class_<PyEngine>(m, "Engine")
      .def(nb::init<const nb::dict&>())
      .def("submit", &PyEngine::submit, "method"_a, "url"_a, "headers"_a, "body"_a.none(),
           "timeout"_a.none(), "repeat"_a)
      .def("submit_to", &PyEngine::submit_to, "mailbox"_a, "receiver"_a, "method"_a, "url"_a,
           "headers"_a, "body"_a.none(), "timeout"_a.none(), "repeat"_a)
      .def("shut_down", &PyEngine::shut_down)
      .def("profiles", &PyEngine::profiles);
}

}  // namespace headrace::python
