// Requests of the host: sent at once, or kept until a session is ready; each ends exactly once.
#include <algorithm>
#include <utility>

#include "session/client_session.h"

namespace lbwire::session {

lbw_status client_session::request(uint8_t cmd, bytes body, milliseconds timeout, completion done, time_point now,
                                   uint64_t& ticket) {
  const bool is_ready = state_ == LBW_STATE_READY;
  if (!is_ready && !may_wait()) return LBW_ERR_NOT_READY;
  if (body.size() > wire::max_body_size) return LBW_ERR_TOO_LARGE;
  if (!has_room(body.size()) || requests_.size() >= options_->requests.max_in_flight) {
    wants_room_ = true;
    refused_bytes_ = std::max(refused_bytes_, body.size());
    return LBW_ERR_QUEUE_FULL;
  }

  const auto timeout_ms = static_cast<uint16_t>(timeout.count());
  const slot added = requests_.add(now + timeout, pending_request{done, cmd, timeout_ms});
  ticket = requests_.ticket(added);
  ++counters_.requests;
  try {
    if (is_ready) {
      send_request(added, body);
    } else {
      waiting_.push_back({added, {body.begin(), body.end()}});
      waiting_bytes_ += body.size();
    }
  } catch (...) {  // no memory: the call fails, so the request must not end a second time
    requests_.remove(added);
    --counters_.requests;
    throw;
  }
  return LBW_OK;
}

lbw_status client_session::cancel(uint64_t ticket) {
  const auto found = requests_.by_ticket(ticket);
  if (!found) return LBW_ERR_NOT_FOUND;
  ++counters_.requests_cancelled;
  finish(*found, LBW_ERR_CANCELLED);
  return LBW_OK;
}

bool client_session::may_wait() const {
  return options_->requests.wait_when_not_ready &&
         (state_ == LBW_STATE_CONNECTING || state_ == LBW_STATE_AUTHENTICATING || state_ == LBW_STATE_BACKING_OFF);
}

void client_session::send_request(slot s, bytes body) {
  const uint32_t id = new_request_id();
  requests_.bind(s, id);
  const pending_request& request = requests_.at(s).payload;
  channel_.send_request(request.cmd, id, request.timeout_ms, body);
}

void client_session::send_waiting() {
  for (const waiting_request& waiting : waiting_) {
    send_request(waiting.request, waiting.body);
  }
  waiting_.clear();
  waiting_bytes_ = 0;
}

void client_session::finish(slot s, lbw_status result) {
  const uint64_t ticket = requests_.ticket(s);
  const bool was_waiting = !requests_.at(s).bound;
  const pending_request request = requests_.remove(s);
  queued_.add(response_event{ticket, result, request.cmd, 0, {}, 0, {}, request.done});
  if (was_waiting) forget_waiting(s);
}

void client_session::forget_waiting(slot s) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [s](const waiting_request& waiting) { return waiting.request == s; });
  if (found == waiting_.end()) return;
  waiting_bytes_ -= found->body.size();
  waiting_.erase(found);
}

uint32_t client_session::requests_on_wire() const {
  return static_cast<uint32_t>(requests_.size() - waiting_.size());
}

void client_session::end_requests(lbw_status result, bool waiting_too) {
  // In the order in which they were made, whatever order the table has them in.
  std::vector<std::pair<uint64_t, slot>> all;
  for (const slot s : requests_.slots()) {
    if (waiting_too || requests_.at(s).bound) all.emplace_back(requests_.ticket(s), s);
  }
  std::sort(all.begin(), all.end());
  if (waiting_too) {
    waiting_.clear();
    waiting_bytes_ = 0;
  }
  uint64_t& counter = result == LBW_ERR_CANCELLED ? counters_.requests_cancelled : counters_.requests_lost;
  counter += all.size();
  for (const auto& [ticket, s] : all) finish(s, result);
}

bool client_session::has_room(size_t body_size) const {
  if (state_ == LBW_STATE_READY) return channel_.has_room(body_size);
  return waiting_.empty() || waiting_bytes_ + body_size <= options_->limits.max_send_queue_bytes;
}

// Not before what was refused fits, or the host would only be refused again.
void client_session::offer_room() {
  if (!wants_room_) return;
  const bool is_ready = state_ == LBW_STATE_READY;
  if (!is_ready && !may_wait()) return;
  const size_t queued = is_ready ? channel_.output().size() : waiting_bytes_;
  if (queued > options_->limits.max_send_queue_bytes / 2 || !has_room(refused_bytes_)) return;
  if (requests_.size() > options_->requests.max_in_flight / 2) return;
  wants_room_ = false;
  refused_bytes_ = 0;
  queued_.add(writable_event{});
}

}  // namespace lbwire::session
