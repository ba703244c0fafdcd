#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace headrace::bench {

// One answer, head and body, many times in a row: what follows a read full of the same request
// leaves from here as it stands.
struct Answer {
  std::string bytes;      // a whole number of copies
  std::size_t size = 0;   // of one
  bool together = false;  // it waits for others

  std::size_t copies() const { return bytes.size() / size; }
};

// All that the origin can be asked for, made beforehand or when first asked for:
//
//     /bytes/N                                  N bytes
//     /together/N                               the same, when enough have asked
//     /machines                                 {"machines":[{"id":"00000000"}, ...]}
//     /machines/00000000, .../disks, .../nics   a document of that machine
class Catalogue {
 public:
  Catalogue(std::size_t machines, std::size_t document_bytes);

  // 404 for what there is not. Stays where it is.
  const Answer& find(std::string_view path);
  // For what is not a GET.
  const Answer& not_allowed() const { return not_allowed_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void add(std::string path, Answer answer);
  void add_machine(const std::string& id, std::size_t document_bytes);

  std::unordered_map<std::string, std::unique_ptr<Answer>, Hash, std::equal_to<>> answers_;
  Answer not_found_;
  Answer not_allowed_;
};

}  // namespace headrace::bench
