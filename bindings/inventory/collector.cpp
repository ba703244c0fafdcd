#include "bindings/inventory/collector.hpp"

#include <algorithm>

namespace headrace::inventory {
namespace {

Failure status_failure(const Request& request, const Response& response) {
  std::string message = "the server answered " + std::to_string(response.status);
  if (!response.reason.empty()) message += " " + response.reason.substr(0, 100);
  message += " to " + request.method + " " + request.url;
  if (response.status == 401) message += ": check user and password";
  return {.code = "http_status", .message = std::move(message), .status = response.status};
}

}  // namespace

Report collect(Engine& engine, const Provider& provider, std::span<const Collection> collections,
               Sink& sink, const std::stop_token& stop, CollectOptions options) {
  return Collector(engine, provider, collections, sink, options).run(stop);
}

Collector::Collector(Engine& engine, const Provider& provider,
                     std::span<const Collection> collections, Sink& sink, CollectOptions options)
    : engine_(engine),
      provider_(provider),
      sink_(sink),
      options_(options),
      gate_(provider.login().has_value()) {
  for (const Collection& collection : collections) {
    readings_.push_back({.collection = &collection,
                         .pager = Pager(provider.page_size()),
                         .seen = {},
                         .lost = {},
                         .report = {.name = collection.name}});
  }
}

Report Collector::run(const std::stop_token& stop) {
  while (!sink_full_ && !stop.stop_requested()) {
    plan_pages();
    send();
    if (done()) return report(false);
    for (Answer& answer : mailbox_->take_all(stop)) on_answer(std::move(answer));
  }
  return report(true);
}

bool Collector::done() const { return outstanding_ == 0 && wanted_.empty(); }

// A page takes its full size of room beforehand. When nothing is open at all one page goes out
// whatever its size is, or nothing would ever move.
void Collector::plan_pages() {
  const std::size_t page_size = provider_.page_size();
  for (std::size_t index = 0; index < readings_.size(); ++index) {
    std::size_t taken = open_rows_;
    for (const Reading& one : readings_) taken += one.pager.outstanding() * page_size;
    const std::size_t room =
        options_.open_rows_max > taken ? (options_.open_rows_max - taken) / page_size : 0;
    for (const std::size_t page : readings_[index].pager.ask(taken == 0 ? room + 1 : room))
      wanted_.push_back({.kind = Job::Kind::page, .collection = index, .page = page});
  }
}

void Collector::send() {
  if (wanted_.empty() || gate_.state() == TokenGate::State::logging_in) return;
  if (gate_.state() == TokenGate::State::shut) return send_login();
  if (gate_.state() == TokenGate::State::barred) {
    for (const Job& job : std::exchange(wanted_, {})) fail(job, login_failure_);
    return;
  }
  std::vector<Job> jobs = std::exchange(wanted_, {});
  std::vector<Request> requests;
  requests.reserve(jobs.size());
  for (Job& job : jobs) {
    job.epoch = gate_.epoch();
    requests.push_back(render(job));
    provider_.authorize(requests.back(), gate_.token());
  }
  outstanding_ += jobs.size();
  requests_ += jobs.size();
  auto futures = engine_.submit_all(requests);
  for (std::size_t i = 0; i < futures.size(); ++i) {
    futures[i]
        .then([mailbox = mailbox_, job = std::move(jobs[i])](Result<Response> result) mutable {
          mailbox->put({std::move(job), std::move(result)});
        })
        .detach();
  }
}

void Collector::send_login() {
  gate_.on_login_sent();
  ++outstanding_;
  ++requests_;
  engine_.submit(*provider_.login())
      .then([mailbox = mailbox_](Result<Response> result) {
        mailbox->put({Job{.kind = Job::Kind::login}, std::move(result)});
      })
      .detach();
}

Request Collector::render(const Job& job) const {
  const Collection& collection = *readings_[job.collection].collection;
  if (job.kind == Job::Kind::page) return provider_.page(collection, job.page);
  return provider_.part(collection, job.row->row.item.id, collection.parts[job.part]);
}

void Collector::on_answer(Answer answer) {
  --outstanding_;
  if (answer.job.kind == Job::Kind::login) return on_login(std::move(answer.result));
  if (answer.result && answer.result->status == 401 && on_unauthorized(answer.job)) return;
  if (answer.job.kind == Job::Kind::page) return on_page(answer.job, std::move(answer.result));
  on_part(answer.job, std::move(answer.result));
}

void Collector::on_login(Result<Response> result) {
  Outcome<std::string> token = result ? provider_.read_login(std::move(*result))
                                      : std::unexpected(failure_of(result.error()));
  if (token) return gate_.on_token(std::move(*token));
  login_failure_ = std::move(token.error());
  gate_.on_login_refused();
}

// Whether the job goes another round.
bool Collector::on_unauthorized(Job& job) {
  const TokenGate::Advice advice = gate_.on_unauthorized(job.epoch, job.sent_again);
  if (advice == TokenGate::Advice::give_up) return false;
  job.sent_again = true;
  wanted_.push_back(std::move(job));
  if (advice == TokenGate::Advice::log_in) send_login();
  return true;
}

Outcome<std::vector<json::Item>> Collector::read(const Job& job, std::string_view member,
                                                 Result<Response> result) const {
  if (!result) return std::unexpected(failure_of(result.error()));
  if (result->status != 200) return std::unexpected(status_failure(render(job), *result));
  return provider_.read(member, std::move(result->body));
}

void Collector::on_page(const Job& job, Result<Response> result) {
  Reading& reading = readings_[job.collection];
  auto items = read(job, reading.collection->member, std::move(result));
  if (!items) return fail(job, std::move(items.error()));
  std::size_t fresh = 0;
  const std::size_t count = items->size();
  for (json::Item& item : *items) {
    if (!item.id.empty() && !reading.seen.insert(item.id).second) continue;
    ++fresh;
    on_item(job, std::move(item));
  }
  reading.pager.on_page(job.page, count, fresh);
  if (reading.pager.done()) on_pages_end(job.collection);
}

// A page behind the last one was asked for on a guess: losing it loses nothing.
void Collector::on_pages_end(std::size_t collection) {
  Reading& reading = readings_[collection];
  for (auto& [page, failure] : std::exchange(reading.lost, {})) {
    if (reading.pager.is_behind_last(page)) continue;
    report_error({.collection = reading.report.name, .page = page, .failure = std::move(failure)},
                 collection);
  }
}

void Collector::on_item(const Job& page, json::Item item) {
  const Collection& collection = *readings_[page.collection].collection;
  if (item.id.empty()) {
    report_error({.collection = collection.name,
                  .page = page.page,
                  .failure = {.code = "bad_item", .message = "an item has no id"}},
                 page.collection);
    return;
  }
  auto open = std::make_shared<OpenRow>();
  open->row.collection = collection.name;
  open->row.item = std::move(item);
  open->waiting = collection.parts.size();
  ++open_rows_;
  for (std::size_t part = 0; part < collection.parts.size(); ++part) {
    open->row.parts.push_back({.name = collection.parts[part].name});
    wanted_.push_back(
        {.kind = Job::Kind::part, .collection = page.collection, .part = part, .row = open});
  }
  readings_[page.collection].report.rows += 1;
  if (open->waiting == 0) finish(*open);
}

void Collector::on_part(const Job& job, Result<Response> result) {
  const Part& part = readings_[job.collection].collection->parts[job.part];
  auto items = read(job, part.member, std::move(result));
  if (!items) return fail(job, std::move(items.error()));
  job.row->row.parts[job.part].items = std::move(*items);
  if (--job.row->waiting == 0) finish(*job.row);
}

void Collector::finish(OpenRow& open) {
  --open_rows_;
  if (!sink_full_ && !sink_.on_row(std::move(open.row))) sink_full_ = true;
}

void Collector::fail(const Job& job, Failure failure) {
  Reading& reading = readings_[job.collection];
  if (job.kind == Job::Kind::page) {
    reading.lost.emplace_back(job.page, std::move(failure));
    reading.pager.on_failed();
    if (reading.pager.done()) on_pages_end(job.collection);
    return;
  }
  report_error({.collection = reading.report.name,
                .id = job.row->row.item.id,
                .part = reading.collection->parts[job.part].name,
                .failure = std::move(failure)},
               job.collection);
  if (--job.row->waiting == 0) finish(*job.row);
}

void Collector::report_error(RowError error, std::size_t collection) {
  readings_[collection].report.errors += 1;
  if (!sink_full_ && !sink_.on_error(std::move(error))) sink_full_ = true;
}

Report Collector::report(bool interrupted) {
  Report made{.requests = requests_, .interrupted = interrupted};
  for (Reading& reading : readings_) {
    CollectionReport& one = reading.report;
    const bool whole = one.errors == 0 && reading.pager.done();
    one.completeness = whole           ? Completeness::complete
                       : one.rows == 0 ? Completeness::failed
                                       : Completeness::partial;
    made.collections.push_back(std::move(one));
  }
  return made;
}

}  // namespace headrace::inventory
