#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>

#include "headrace/headers.hpp"

namespace headrace::python {

// What Python gives for a method, a URL, a field: str or bytes. A str may hold what Latin-1 can
// (RFC 9110 §5.5); anything else is a UnicodeEncodeError or TypeError.
std::string to_bytes(nanobind::handle text);

// Octets of the peer: every one of them is a character of Latin-1.
nanobind::str from_latin1(std::string_view octets);

// Pairs of name and value.
nanobind::list fields_of(const Headers& headers);

}  // namespace headrace::python
