#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "bindings/cli/sample/http.hpp"

namespace headrace::sample {

/// The far end of an inventory: an oVirt-like API with made-up machines, always the same ones.
/// Five collections in pages, three parts for each machine, Basic auth, and tokens from its single
/// sign-on. Called on the server's thread; the counters may be read and tokens expired from any.
class OvirtService {
 public:
  static constexpr std::string_view user = "admin@internal";
  static constexpr std::string_view password = "sample & secret";

  explicit OvirtService(std::size_t machines) : machines_(machines) {}

  Answer operator()(const Request& request);

  /// All tokens given so far are refused from now on.
  void expire_tokens() noexcept { oldest_token_ = logins_ + 1; }
  std::size_t logins() const noexcept { return logins_; }

 private:
  Answer log_in(const Request& request);
  bool is_authorized(const Request& request) const;
  Answer list(std::string_view collection, std::string_view query) const;
  Answer part(std::string_view id, std::string_view name) const;
  std::size_t size_of(std::string_view collection) const;

  std::size_t machines_;
  std::atomic<std::size_t> logins_ = 0;
  std::atomic<std::size_t> oldest_token_ = 1;
};

}  // namespace headrace::sample
