#pragma once

#include <string>

#include "headrace/response.hpp"

namespace headrace {

/// The last answer of a call, and how it was come by. `timings`, `attempts` and `connection_id` are
/// the last request's.
///
/// A body that was decoded has neither Content-Encoding nor Content-Length in its headers.
struct ClientResponse : Response {
  /// What answered: the request's URL, or the last redirect's, with its fragment.
  std::string url = {};
  /// How many redirects led there.
  unsigned redirects = 0;
  /// Why the answer is a redirect that was not followed, as a sentence without full stop; else
  /// empty.
  std::string not_followed = {};
};

}  // namespace headrace
