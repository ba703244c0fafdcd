#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/inventory/json.hpp"
#include "bindings/inventory/row.hpp"
#include "headrace/request.hpp"
#include "headrace/response.hpp"

namespace headrace::inventory {

/// What is asked once per item.
struct Part {
  std::string name = {};    ///< "diskattachments": in the path and in the row
  std::string member = {};  ///< "disk_attachment": in the answer
};

/// One kind of thing that a service lists.
struct Collection {
  std::string name = {};    ///< "vms"
  std::string member = {};  ///< "vm"
  std::vector<Part> parts = {};
};

template <class T>
using Outcome = std::expected<T, Failure>;

/// What the collector must know of a service: which requests to send and how to read the answers.
/// A provider has no state and does no I/O; requests begin with "/" after the engine's base URL or
/// are absolute.
class Provider {
 public:
  virtual ~Provider() = default;

  virtual std::size_t page_size() const = 0;
  virtual Request page(const Collection& collection, std::size_t number) const = 0;  ///< from 1
  virtual Request part(const Collection& collection, std::string_view id,
                       const Part& part) const = 0;

  /// The items of a page or a part, from the body of a 200.
  virtual Outcome<std::vector<json::Item>> read(std::string_view member,
                                                std::string body) const = 0;

  /// The request that yields a token, when requests need one.
  virtual std::optional<Request> login() const { return std::nullopt; }
  virtual Outcome<std::string> read_login(Response response) const = 0;

  /// Puts credentials into a request. `token` is empty when there is no login.
  virtual void authorize(Request& request, std::string_view token) const = 0;
};

}  // namespace headrace::inventory
