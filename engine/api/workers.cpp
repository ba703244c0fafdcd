#include "engine/api/workers.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "engine/api/check_options.hpp"
#include "engine/core/merge.hpp"

namespace headrace::api {

Workers::Workers(const Options& options) : whole_(options) {}

Result<std::unique_ptr<Workers>> Workers::start(const Options& options) {
  std::unique_ptr<Workers> workers(new Workers(options));
  workers->each_.reserve(options.loops);  // one whose thread runs must be kept, to be joined
  for (unsigned number = 0; number < options.loops; ++number) {
    Result<std::unique_ptr<Worker>> worker = Worker::start(share_of(options, number), number);
    if (!worker) return std::unexpected(std::move(worker).error());
    workers->each_.push_back(*std::move(worker));
  }
  return workers;
}

Workers::~Workers() { shut_down(std::chrono::milliseconds::zero()); }

Worker& Workers::choose(const http::Origin& origin) {
  Worker& chosen = *each_[each_.size() == 1 ? 0 : number_for(origin)];
  chosen.give();
  return chosen;
}

std::size_t Workers::number_for(const http::Origin& origin) const {
  if (!whole_.contains(origin)) return least_busy();
  return std::hash<std::string>{}(to_string(origin)) % each_.size();
}

std::size_t Workers::least_busy() const noexcept {
  thread_local std::size_t last = 0;
  const std::size_t own = own_loop();
  const std::size_t usual = own < each_.size() ? own : last < each_.size() ? last : 0;
  std::size_t least = usual;
  std::size_t load = each_[least]->load();
  for (std::size_t i = 0; i < each_.size() && load > 0; ++i) {
    const std::size_t other = each_[i]->load();
    if (other >= load) continue;
    least = i;
    load = other;
  }
  if (usual == own && each_[own]->load() <= 2 * load + 1) return own;
  return last = least;
}

std::size_t Workers::own_loop() const noexcept {
  const auto own =
      std::ranges::find_if(each_, [](const auto& worker) { return worker->on_own_thread(); });
  return static_cast<std::size_t>(own - each_.begin());
}

void Workers::flush() const {
  for (const auto& worker : each_) worker->inbox()->flush();
}

// All are told before any is waited for, as the grace is the same for all.
void Workers::shut_down(std::chrono::milliseconds grace) {
  const auto least = std::chrono::milliseconds::zero();
  const Duration limited = limit_of(std::max(grace, least)).value_or(Duration::zero());
  for (const auto& worker : each_) worker->inbox()->shut_down(limited);
  if (own_loop() < each_.size()) return;
  for (const auto& worker : each_) worker->join();
}

namespace {

std::atomic<Workers*> last_abandoned{nullptr};

}  // namespace

void Workers::abandon(Workers& workers) noexcept {
  workers.abandoned_before_ = last_abandoned.exchange(&workers);
}

Stats Workers::stats() const {
  Stats all = each_.front()->stats();
  for (std::size_t i = 1; i < each_.size(); ++i) core::merge(all, each_[i]->stats());
  return all;
}

std::string Workers::profiles() const {
  if (each_.size() == 1) return each_.front()->profiles();
  std::vector<std::string> texts;
  texts.reserve(each_.size());
  for (const auto& worker : each_) texts.push_back(worker->profiles());
  return core::merge_profiles(texts);
}

}  // namespace headrace::api
