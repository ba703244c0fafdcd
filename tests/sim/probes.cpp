#include "tests/sim/probes.hpp"

namespace headrace::sim {

// No default: a new probe without a name is a warning, and warnings are errors.
std::string_view name_of(Probe probe) {
  switch (probe) {
    case Probe::pipelined:
      return "pipelined";
    case Probe::pipelined_at_full_depth:
      return "pipelined_at_full_depth";
    case Probe::informational:
      return "informational";
    case Probe::early_refusal:
      return "early_refusal";
    case Probe::trailers:
      return "trailers";
    case Probe::until_close:
      return "until_close";
    case Probe::http10_kept_alive:
      return "http10_kept_alive";
    case Probe::closed_after_announcement:
      return "closed_after_announcement";
    case Probe::half_closed_with_requests_coming:
      return "half_closed_with_requests_coming";
    case Probe::lost_unannounced:
      return "lost_unannounced";
    case Probe::lost_with_followers:
      return "lost_with_followers";
    case Probe::depth_one_after_trouble:
      return "depth_one_after_trouble";
    case Probe::reset_inside_a_request:
      return "reset_inside_a_request";
    case Probe::reset_inside_an_answer:
      return "reset_inside_an_answer";
    case Probe::attempts_used_up:
      return "attempts_used_up";
    case Probe::post_lost:
      return "post_lost";
    case Probe::stray_bytes_closed:
      return "stray_bytes_closed";
    case Probe::desync:
      return "desync";
    case Probe::protocol_error:
      return "protocol_error";
    case Probe::answer_in_single_bytes:
      return "answer_in_single_bytes";
    case Probe::write_in_pieces:
      return "write_in_pieces";
    case Probe::dial_failed:
      return "dial_failed";
    case Probe::dial_given_up_by_time:
      return "dial_given_up_by_time";
    case Probe::connect_errors_surface:
      return "connect_errors_surface";
    case Probe::redial_pause:
      return "redial_pause";
    case Probe::connected_before_dialled:
      return "connected_before_dialled";
    case Probe::idle_closed:
      return "idle_closed";
    case Probe::cancelled_in_queue:
      return "cancelled_in_queue";
    case Probe::cancelled_while_sent:
      return "cancelled_while_sent";
    case Probe::cancelled_while_answering:
      return "cancelled_while_answering";
    case Probe::cancelled_too_late:
      return "cancelled_too_late";
    case Probe::timed_out_in_queue:
      return "timed_out_in_queue";
    case Probe::timed_out_while_sent:
      return "timed_out_while_sent";
    case Probe::drained_after_cancel:
      return "drained_after_cancel";
    case Probe::draining_given_up:
      return "draining_given_up";
    case Probe::queue_full:
      return "queue_full";
    case Probe::connections_at_their_limit:
      return "connections_at_their_limit";
    case Probe::shut_down_with_grace:
      return "shut_down_with_grace";
    case Probe::shut_down_at_once:
      return "shut_down_at_once";
    case Probe::refused_after_shut_down:
      return "refused_after_shut_down";
    case Probe::held_back:
      return "held_back";
    case Probe::suspect:
      return "suspect";
    case Probe::wrong_answer_refused:
      return "wrong_answer_refused";
    case Probe::wrong_answer_surfaces:
      return "wrong_answer_surfaces";
    case Probe::retry_suppressed:
      return "retry_suppressed";
    case Probe::retry_after:
      return "retry_after";
    case Probe::retry_by_status:
      return "retry_by_status";
    case Probe::write_stalled:
      return "write_stalled";
    case Probe::first_byte_stalled:
      return "first_byte_stalled";
    case Probe::body_stalled:
      return "body_stalled";
    case Probe::requests_max_reached:
      return "requests_max_reached";
    case Probe::hung:
      return "hung";
    case Probe::moved_hung:
      return "moved_hung";
    case Probe::moved_unwritten:
      return "moved_unwritten";
    case Probe::moved_announced:
      return "moved_announced";
    case Probe::resent_refused:
      return "resent_refused";
    case Probe::turned_off:
      return "turned_off";
    case Probe::on_trial:
      return "on_trial";
    case Probe::profile_remembered:
      return "profile_remembered";
    case Probe::keep_alive_hint:
      return "keep_alive_hint";
    case Probe::lifetime_reached:
      return "lifetime_reached";
    case Probe::stream_read:
      return "stream_read";
    case Probe::stream_cut:
      return "stream_cut";
    case Probe::stream_given_up:
      return "stream_given_up";
  }
  return "";
}

void Probes::add(const Probes& others) {
  for (std::size_t i = 0; i < probe_count; ++i) counts_[i] += others.counts_[i];
}

std::vector<Probe> Probes::missed() const {
  std::vector<Probe> missed;
  for (std::size_t i = 0; i < probe_count; ++i)
    if (counts_[i] == 0) missed.push_back(static_cast<Probe>(i));
  return missed;
}

}  // namespace headrace::sim
