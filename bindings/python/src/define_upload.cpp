// headrace._native.Upload: what headrace._upload wraps.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "text.hpp"
#include "upload.hpp"

namespace headrace::python {
namespace nb = nanobind;
using nb::literals::operator""_a;
namespace {

void give(Upload& upload, const nb::bytes& piece) {
  std::string copy(piece.c_str(), piece.size());
  const nb::gil_scoped_release unlocked;
  upload.give(std::move(copy));
}

}  // namespace

void define_upload(nb::module_& m) {
  const nb::call_guard<nb::gil_scoped_release> unlocked;
  nb::class_<Upload>(m, "Upload")
      .def(nb::new_([](std::optional<std::uint64_t> length) {
             return std::make_shared<Upload>(length);
           }),
           "length"_a.none())
      .def("wanted", &Upload::wanted)
      .def("wanted_or_complete", &Upload::wanted_or_complete, "other"_a, unlocked)
      .def("give", give, "piece"_a);
}

}  // namespace headrace::python
