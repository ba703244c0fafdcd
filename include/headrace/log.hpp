#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "headrace/export.hpp"

namespace headrace {

/// How much a line of the log matters.
enum class LogLevel : std::uint8_t {
  debug,    ///< the everyday: connections come and go
  info,     ///< what costs time: requests are sent again, pipelines get shorter
  warning,  ///< what costs answers: requests fail with a connection, or for want of one
};

HEADRACE_API std::string_view name_of(LogLevel level) noexcept;  ///< "debug", ...

/// Is told what happens to connections and origins, as it happens. A line is a text for a person,
/// without its end, such as "https://cloud.example:443 connection 7: open after 12.3 ms"; its
/// wording may change with every version. Connections are named by their `connection_id`. Requests'
/// paths, fields and bodies are in no line, nor is any secret; bytes from a server stand escaped
/// and cut.
///
/// Called on the thread that runs a loop, on several at once where an engine has several loops. It
/// must be quick, and must not call the engine, nor wait for it. The line lives for the call; what
/// is thrown is dropped.
using Log = std::function<void(LogLevel level, std::string_view line)>;

}  // namespace headrace
