// headrace._native.Mailbox: what headrace._loops watches.

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <memory>

#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "mailbox.hpp"

namespace headrace::python {
namespace nb = nanobind;
namespace {

// What a receiver is asked and told. They live as long as the interpreter.
struct Names {
  PyObject* done = PyUnicode_InternFromString("done");
  PyObject* set_result = PyUnicode_InternFromString("set_result");
  PyObject* set_exception = PyUnicode_InternFromString("set_exception");
};
const Names* names = nullptr;

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

void flush_by(const nb::object& self, const nb::object& call_soon) {
  call_soon(self.attr("flush"));
  nb::cast<Mailbox&>(self).will_flush();
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

}  // namespace

void define_mailbox(nb::module_& m) {
  names = new Names;
  nb::class_<Mailbox>(m, "Mailbox")
      .def(nb::new_([] { return std::make_shared<Mailbox>(); }))
      .def("fileno", &Mailbox::descriptor)
      .def("deliver", deliver)
      .def("flush", &Mailbox::flush)
      .def("flush_by", flush_by)
      .def("subscribe", [](Mailbox& mailbox, nb::handle receiver, Call& call) {
        call.subscribe(mailbox.subscriber(receiver.ptr()));
      });
}

}  // namespace headrace::python
