#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/http/proxies.hpp"
#include "engine/http/site.hpp"
#include "headrace/error.hpp"

namespace headrace::http {

// Reads the front of absolute URLs, and remembers the last few: a caller mostly has few origins,
// and names each of them in the same words. Belongs to one thread.
class OriginMemo {
 public:
  // What "scheme://authority" stands for where these are the proxies, taken off the front of the
  // URL. Whoever needs it longer than till the next call shares in it.
  Result<const Site*> take_site(std::string_view& url,
                                const std::shared_ptr<const Proxies>& proxies = {});

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const Proxies> proxies;  // held, so that no other engine's can be taken for it
    std::shared_ptr<const Site> site;
  };

  std::array<Entry, 8> entries_;
  std::size_t oldest_ = 0;
};

}  // namespace headrace::http
