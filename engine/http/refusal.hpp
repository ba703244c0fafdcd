#pragma once

#include <expected>
#include <string>
#include <utility>

#include "headrace/error.hpp"

namespace headrace::http {

// A request or an option is wrong. Nothing was sent, so sending again is as safe as it is useless.
inline std::unexpected<Error> refused(std::string detail) {
  return std::unexpected(Error{
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)});
}

}  // namespace headrace::http
