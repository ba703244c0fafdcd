#include "bindings/c/error.hpp"

#include <type_traits>
#include <utility>

#include "bindings/c/reader.hpp"

namespace headrace::c {

ErrorView::ErrorView(Error error) : error_(std::move(error)), text_(to_string(error_)) {
  view_ = {.struct_size = sizeof(hr_error),
           .code = std::to_underlying(error_.code) + 1,
           .phase = std::to_underlying(error_.phase),
           .progress = std::to_underlying(error_.progress),
           .attempts = error_.attempts,
           .safe_to_repeat = error_.safe_to_repeat ? 1 : 0,
           .system_code = error_.system_code,
           .connection_id = error_.connection_id,
           .origin = str_of(error_.origin),
           .detail = str_of(error_.detail),
           .text = str_of(text_)};
}

hr_error* no_memory_error() noexcept {
  static constexpr char detail[] = "there is no memory left for this";
  static constexpr char text[] = "no_memory: there is no memory left for this (queued)";
  static hr_error error = {.struct_size = sizeof(hr_error),
                           .code = HR_NO_MEMORY,
                           .phase = HR_PHASE_QUEUE,
                           .progress = HR_QUEUED,
                           .attempts = 0,
                           .safe_to_repeat = 0,
                           .system_code = 0,
                           .connection_id = 0,
                           .origin = {.data = "", .size = 0},
                           .detail = {.data = detail, .size = sizeof(detail) - 1},
                           .text = {.data = text, .size = sizeof(text) - 1}};
  return &error;
}

hr_error* make_error(Error error) noexcept {
  try {
    auto* const made = new ErrorView(std::move(error));
    return const_cast<hr_error*>(&made->view());
  } catch (...) {
    return no_memory_error();
  }
}

void free_error(hr_error* error) noexcept {
  static_assert(std::is_standard_layout_v<ErrorView>);
  if (error != nullptr && error != no_memory_error()) delete reinterpret_cast<ErrorView*>(error);
}

}  // namespace headrace::c

void hr_error_free(hr_error* error) { headrace::c::free_error(error); }
