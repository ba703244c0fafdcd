#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headrace::sim {

// Rare paths that a full run must have taken: a simulator that never gets there proves nothing of
// them.
enum class Probe : std::uint8_t {
  pipelined,
  pipelined_at_full_depth,
  informational,
  early_refusal,
  trailers,
  until_close,
  http10_kept_alive,
  closed_after_announcement,
  half_closed_with_requests_coming,
  lost_unannounced,
  lost_with_followers,
  depth_one_after_trouble,
  reset_inside_a_request,
  reset_inside_an_answer,
  attempts_used_up,
  post_lost,
  stray_bytes_closed,
  desync,
  protocol_error,
  answer_in_single_bytes,
  write_in_pieces,
  dial_failed,
  dial_given_up_by_time,
  connect_errors_surface,
  redial_pause,
  connected_before_dialled,
  idle_closed,
  cancelled_in_queue,
  cancelled_while_sent,
  cancelled_while_answering,
  cancelled_too_late,
  timed_out_in_queue,
  timed_out_while_sent,
  drained_after_cancel,
  draining_given_up,
  queue_full,
  connections_at_their_limit,
  shut_down_with_grace,
  shut_down_at_once,
  refused_after_shut_down,
  held_back,
  suspect,
  wrong_answer_refused,
  wrong_answer_surfaces,
  retry_suppressed,
  retry_after,
  retry_by_status,
  write_stalled,
  first_byte_stalled,
  body_stalled,
  requests_max_reached,
  hung,
  moved_hung,
  moved_unwritten,
  moved_announced,
  resent_refused,
  turned_off,
  on_trial,
  profile_remembered,
  keep_alive_hint,
  lifetime_reached,
  stream_read,
  stream_cut,
  stream_given_up,
};
inline constexpr std::size_t probe_count = static_cast<std::size_t>(Probe::stream_given_up) + 1;

std::string_view name_of(Probe probe);

class Probes {
 public:
  void hit(Probe probe) { ++counts_[static_cast<std::size_t>(probe)]; }
  std::uint64_t count(Probe probe) const { return counts_[static_cast<std::size_t>(probe)]; }
  void add(const Probes& others);
  std::vector<Probe> missed() const;

 private:
  std::array<std::uint64_t, probe_count> counts_ = {};
};

}  // namespace headrace::sim
