#pragma once

#include <nanobind/nanobind.h>

namespace headrace::python {

// Each puts its classes into headrace._native.
void define_response(nanobind::module_& module);
void define_call(nanobind::module_& module);
void define_mailbox(nanobind::module_& module);
void define_stream(nanobind::module_& module);
void define_upload(nanobind::module_& module);
void define_engine(nanobind::module_& module);

}  // namespace headrace::python
