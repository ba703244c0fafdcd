#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bindings/client/set_cookie.hpp"
#include "bindings/client/url.hpp"

namespace headrace::client {

// The cookies of all origins, each for the origin that set it. Any thread.
//
// That is stricter than RFC 6265, where ports and schemes of a host share their cookies: what an
// origin's neighbour on the same host may read or replace is no credential.
class CookieJar {
 public:
  struct Limits {
    std::size_t count_max = 3000;
    std::size_t per_origin_max = 50;
    std::size_t bytes_max = std::size_t{1} << 20U;
  };

  explicit CookieJar(Limits limits) : limits_(limits) {}

  // Notes one Set-Cookie of an answer from there, or forgets a cookie, as it says.
  void store(const Url& from, std::string_view set_cookie, CalendarTime now);

  // The value of the Cookie field for a request there; empty when there is none.
  std::string header(const Url& to, CalendarTime now);

  void clear();

  std::size_t size() const;

 private:
  struct Cookie : SetCookie {
    std::uint64_t created = 0;
    std::uint64_t used = 0;
    std::size_t bytes() const noexcept { return name.size() + value.size() + path.size(); }
  };
  using Shelf = std::vector<Cookie>;  // of one origin, in the order in which they were set

  void drop(Shelf& shelf, std::size_t index);
  void drop_expired(Shelf& shelf, CalendarTime now);
  void drop_least_used(Shelf& shelf);
  void make_room(Shelf& shelf, const SetCookie& cookie);
  void drop_least_used_of_all(const Shelf& kept);

  const Limits limits_;
  mutable std::mutex mutex_;  // guards what follows
  std::unordered_map<std::string, Shelf> shelves_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;  // counts uses
};

}  // namespace headrace::client
