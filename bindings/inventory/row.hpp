#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/inventory/json.hpp"
#include "headrace/error.hpp"

namespace headrace::inventory {

/// What went wrong with one request of an inventory. `code` is one of the engine's names
/// ("connection_lost", ...) or one of ours: `http_status`, `bad_json`, `login_failed`, `bad_item`.
struct Failure {
  std::string code = {};
  std::string message = {};
  int status = 0;  ///< of an `http_status`, else 0
};

Failure failure_of(const Error& error);

/// What hangs on one item, such as a machine's network cards.
struct RowPart {
  std::string name = {};
  std::optional<std::vector<json::Item>> items = {};  ///< absent when it could not be had
};

/// One item of a collection with its parts. A row whose parts failed is still a row: what is
/// missing is absent, and an error of its own says why.
struct Row {
  std::string collection = {};
  json::Item item = {};
  std::vector<RowPart> parts = {};
};

/// One thing that is missing from the inventory: a page, an item's part, or a whole collection.
struct RowError {
  std::string collection = {};
  std::optional<std::string> id = {};  ///< the item whose part is missing
  std::optional<std::string> part = {};
  std::optional<std::size_t> page = {};
  Failure failure = {};
};

/// Whether a collection's rows are all there is.
enum class Completeness : std::uint8_t {
  complete,  ///< every page and every part came
  partial,   ///< something is missing, an error names each
  failed,    ///< nothing came
};

std::string_view name_of(Completeness completeness) noexcept;

struct CollectionReport {
  std::string name = {};
  Completeness completeness = Completeness::failed;
  std::size_t rows = 0;
  std::size_t errors = 0;
};

/// What came of an inventory.
struct Report {
  std::vector<CollectionReport> collections = {};
  std::size_t requests = 0;  ///< sent, logins and repetitions after a login included
  bool interrupted = false;  ///< stopped before its end

  bool complete() const noexcept;
};

/// Where rows go, in the order in which they become complete. Called on the thread that collects.
/// A *false* stops the collection: nobody can take its rows any more.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual bool on_row(Row row) = 0;
  virtual bool on_error(RowError error) = 0;
};

/// A row and an error as one line of JSON each, without the line's end:
/// `{"collection":"vms","id":"..","name":"..","data":{..},"nics":[..],...}`, a missing part being
/// null, and `{"collection":"vms","id":"..","part":"nics","error":{"code":"..","message":".."}}`.
std::string to_json(const Row& row);
std::string to_json(const RowError& error);

}  // namespace headrace::inventory
