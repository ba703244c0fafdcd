#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "bindings/inventory/collect.hpp"
#include "bindings/inventory/mailbox.hpp"
#include "bindings/inventory/pager.hpp"
#include "bindings/inventory/token_gate.hpp"

namespace headrace::inventory {

// A row whose parts are still on their way; the jobs that fetch them keep it alive.
struct OpenRow {
  Row row;
  std::size_t waiting = 0;
};

// One collection while it is read.
struct Reading {
  const Collection* collection;
  Pager pager;
  std::unordered_set<std::string> seen;  // ids: a list that shifts between pages repeats some
  std::vector<std::pair<std::size_t, Failure>> lost = {};  // pages, until the end is known
  CollectionReport report;
};

// One request of the inventory, from the wish to the answer.
struct Job {
  enum class Kind : std::uint8_t { page, part, login };

  Kind kind = Kind::page;
  std::size_t collection = 0;
  std::size_t page = 0;
  std::size_t part = 0;
  std::shared_ptr<OpenRow> row = nullptr;
  std::uint64_t epoch = 0;  // of the token it was sent with
  bool sent_again = false;
};

struct Answer {
  Job job;
  Result<Response> result;
};

// The state of one call of collect(). One thread runs it; the engine's thread only fills the
// mailbox, which outlives this when the call is stopped.
class Collector {
 public:
  Collector(Engine& engine, const Provider& provider, std::span<const Collection> collections,
            Sink& sink, CollectOptions options);

  Report run(const std::stop_token& stop);

 private:
  void plan_pages();
  void send();
  void send_login();
  Request render(const Job& job) const;

  void on_answer(Answer answer);
  void on_login(Result<Response> result);
  bool on_unauthorized(Job& job);
  void on_page(const Job& job, Result<Response> result);
  void on_part(const Job& job, Result<Response> result);
  void on_item(const Job& page, json::Item item);
  void finish(OpenRow& open);
  void on_pages_end(std::size_t collection);

  Outcome<std::vector<json::Item>> read(const Job& job, std::string_view member,
                                        Result<Response> result) const;
  void fail(const Job& job, Failure failure);
  void report_error(RowError error, std::size_t collection);
  bool done() const;
  Report report(bool interrupted);

  Engine& engine_;
  const Provider& provider_;
  Sink& sink_;
  CollectOptions options_;
  TokenGate gate_;
  std::vector<Reading> readings_;
  std::shared_ptr<Mailbox<Answer>> mailbox_ = std::make_shared<Mailbox<Answer>>();
  std::vector<Job> wanted_;  // to be sent when the gate is open
  Failure login_failure_;
  std::size_t open_rows_ = 0;
  std::size_t outstanding_ = 0;
  std::size_t requests_ = 0;
  bool sink_full_ = false;
};

}  // namespace headrace::inventory
