#pragma once

#include <memory>
#include <utility>

#include "engine/api/call.hpp"

namespace headrace::test {

// A call with a destination that no other has; its site may be null where nobody asks for it.
inline detail::Ref<api::Call> call_to(std::shared_ptr<api::Inbox> inbox,
                                      std::shared_ptr<const http::Site> site = {}) {
  using detail::Ref;
  return Ref<api::Call>::adopt(new api::Call(
      Ref<api::Destination>::adopt(new api::Destination(std::move(inbox), std::move(site)))));
}

}  // namespace headrace::test
