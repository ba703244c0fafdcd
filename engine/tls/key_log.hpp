#pragma once

#include <string>

namespace headrace::tls {

// Appends the line to the file, which is made with mode 0600 when it is missing; an empty line is
// not written. 0, or errno's value.
//
// The file is opened each time: nobody who is in a hurry logs keys, and so a forked child inherits
// no descriptor of it and the file may be rotated. Several engines may write to one file.
int append_key_line(const std::string& path, std::string line);

}  // namespace headrace::tls
