#include "engine/core/merge.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/origin_rules.hpp"

namespace headrace::core {
namespace {

// The less of these, the more it counts.
unsigned rank(std::string_view capability) {
  if (capability == name_of(Capability::off)) return 0;
  if (capability == name_of(Capability::on_trial)) return 1;
  return capability == name_of(Capability::capable) ? 2 : 3;
}

void add(Counters& to, const Counters& more) {
  for (const auto counter :
       {&Counters::submitted, &Counters::answered, &Counters::failed, &Counters::timed_out,
        &Counters::cancelled, &Counters::written, &Counters::reused, &Counters::opened,
        &Counters::dial_failed, &Counters::lost, &Counters::desync, &Counters::hung,
        &Counters::moved_unwritten, &Counters::moved_announced, &Counters::moved_hung,
        &Counters::resent_lost, &Counters::resent_status, &Counters::resent_refused,
        &Counters::retry_suppressed})
    to.*counter += more.*counter;
}

void add(Histogram& to, const Histogram& more) {
  for (std::size_t i = 0; i < Histogram::bucket_count; ++i) to.buckets[i] += more.buckets[i];
  to.count += more.count;
  to.sum += more.sum;
}

void add(OriginStats& to, OriginStats& more) {
  to.queued += more.queued;
  to.in_flight += more.in_flight;
  to.connections += more.connections;
  const auto caution = [](const OriginStats& of) {
    return std::pair(rank(of.capability), of.depth);
  };
  if (caution(more) < caution(to)) {
    to.depth = more.depth;
    to.capability = std::move(more.capability);
    to.reason = std::move(more.reason);
  }
  std::vector<std::uint64_t>& suspects = to.suspect_connections;
  suspects.insert(suspects.end(), more.suspect_connections.begin(), more.suspect_connections.end());
  if (suspects.size() > limits::suspect_connections_kept)
    suspects.erase(suspects.begin(), suspects.end() - limits::suspect_connections_kept);
  add(to.counters, more.counters);
  for (const auto times : {&OriginStats::queue, &OriginStats::connect, &OriginStats::tls,
                           &OriginStats::first_byte, &OriginStats::total})
    add(to.*times, more.*times);
}

}  // namespace

void merge(Stats& into, Stats from) {
  for (OriginStats& more : from.origins) {
    const auto same = std::ranges::find(into.origins, more.origin, &OriginStats::origin);
    if (same == into.origins.end())
      into.origins.push_back(std::move(more));
    else
      add(*same, more);
  }
}

std::string merge_profiles(std::span<const std::string> texts) {
  const auto caution = [](const ProfileLine& line) {
    return std::pair(rank(name_of(line.learned.capability)), line.learned.depth);
  };
  if (std::ranges::all_of(texts, &std::string::empty)) return {};
  std::map<std::string, ProfileLine> all;
  for (const std::string& text : texts) {
    const OriginRules rules = OriginRules::read({.profiles = text}).value_or(OriginRules{});
    for (const auto& [origin, line] : rules.profiles()) {
      const auto [known, is_new] = all.emplace(origin, line);
      if (!is_new && caution(line) < caution(known->second)) known->second = line;
    }
  }
  std::string merged = profiles_header();
  for (const auto& [origin, line] : all) merged += to_line(origin, line);
  return merged;
}

}  // namespace headrace::core
