// The bodies of link<Session>; included by link/link.h alone.
#pragma once

#include <exception>

#include "link/link.h"

namespace lbwire::link {

template <class Session>
template <class Work>
void link<Session>::on_loop(Work&& work) {
  lock held(mutex_);
  try {
    work(held);
  } catch (const std::exception& error) {
    if (!held.owns_lock()) held.lock();
    handing_out = nullptr;
    loop_->batch().clear();
    lost(error.what());
    run_soon();
  }
}

template <class Session>
void link<Session>::readable(uint64_t tag) {
  on_loop([&](lock& held) {
    if (tag != stream_tag_) return;
    waiting_readable_ = false;
    pump(held);
    run(held);
  });
}

template <class Session>
void link<Session>::writable(uint64_t tag) {
  on_loop([&](lock& held) {
    if (tag != stream_tag_) return;
    waiting_writable_ = false;
    session_.drained(now().at);
    run(held);
  });
}

// What the peer said before it went may still wait to be read.
template <class Session>
void link<Session>::write_failed(uint64_t tag) {
  on_loop([&](lock& held) {
    if (tag != stream_tag_) return;
    pump(held);
    run(held);
  });
}

template <class Session>
void link<Session>::run(lock& held) {
  for (bool more = true; more;) {
    settle(held);
    flush();
    if (look_at_held(held)) continue;
    const session::instant t = time_of_session();
    more = may_tick() && session_.due(t.at);
    if (!more) break;
    session_.tick(t, loop_->batch());
    hand_out(held);
  }
  want_read();
  arm_timer();
}

template <class Session>
void link<Session>::run_soon() {
  if (std::exchange(run_posted_, true)) return;
  loop_->post([link = self()] {
    link->on_loop([&](lock& held) {
      link->run_posted_ = false;
      link->run(held);
    });
  });
}

// Reads until the stream has no more, the turn is over, or the host or the session wants no more now.
template <class Session>
void link<Session>::pump(lock& held) {
  look_at_held(held);
  for (int reads = 0; stream_ && held_.empty() && may_read() && reads < reads_a_turn; ++reads) {
    looked_at_ = now();
    const auto buffer = loop_->read_buffer();
    const transport::io_result result = stream_->read_some(buffer);
    if (result.what == transport::io_result::status::would_block) {
      if (!write_problem_.empty()) lost(write_problem_);
      return;
    }
    if (result.what != transport::io_result::status::ok) return lost(result.problem);
    if (!take_in(held, buffer.first(result.size))) return;
    if (result.size < buffer.size() && write_problem_.empty()) return;  // most likely all there was
  }
}

// What was read earlier and had to wait. False if there is none, or it has to wait on.
template <class Session>
bool link<Session>::look_at_held(lock& held) {
  if (held_.empty() || !stream_ || !may_read()) return false;
  const std::vector<uint8_t> in = std::exchange(held_, {});
  take_in(held, in);
  return true;
}

// Gives bytes to the session and its events to the host. False if not all was taken; the rest is kept if it will be.
template <class Session>
bool link<Session>::take_in(lock& held, session::bytes in) {
  if (session_.discards()) return true;
  const uint64_t tag = stream_tag_;
  session_.feed(in);
  bool more = true;
  while (more && may_read()) {
    more = session_.receive(now(), loop_->batch());
    hand_out(held);
    settle(held);
    flush();
    if (tag != stream_tag_) break;  // the stream that these bytes came from is gone
  }
  const session::bytes rest = session_.take_back();
  if (tag == stream_tag_ && !session_.discards()) held_.insert(held_.end(), rest.begin(), rest.end());
  session_.release();
  return rest.empty();
}

template <class Session>
void link<Session>::hand_out(lock& held) {
  session::event_batch& batch = loop_->batch();
  if (batch.empty()) return;
  handing_out = this;
  held.unlock();
  for (const session::event& event : batch) dispatch(event);
  held.lock();
  handing_out = nullptr;
  batch.clear();
}

template <class Session>
void link<Session>::flush() {
  if (!stream_ || waiting_writable_ || !write_problem_.empty()) return;
  session::send_buffer& output = session_.output();
  while (!output.empty()) {
    const transport::io_result result = stream_->write_some(output.pending());
    if (result.what == transport::io_result::status::ok) {
      session_.sent(result.size);
      continue;
    }
    if (result.what == transport::io_result::status::would_block) {
      waiting_writable_ = true;
      stream_->wait_writable(self(), stream_tag_);
      return;
    }
    write_problem_ = result.problem.empty() ? "the peer closed the connection" : result.problem;
    loop_->post([link = self(), tag = stream_tag_] { link->write_failed(tag); });
    return;
  }
}

template <class Session>
void link<Session>::use_stream(std::unique_ptr<transport::stream> stream) {
  stream_ = std::move(stream);
  ++stream_tag_;
  waiting_readable_ = waiting_writable_ = false;
  write_problem_.clear();
  looked_at_ = now();
  if (std::exchange(paused_, false)) session_.resume_reading(looked_at_.at);
}

template <class Session>
void link<Session>::drop_stream() {
  if (stream_) stream_->close();
  use_stream(nullptr);
  held_ = {};
}

template <class Session>
void link<Session>::want_read() {
  if (!stream_) return;
  pause_or_resume();
  if (waiting_readable_ || !held_.empty() || !may_read()) return;
  waiting_readable_ = true;
  stream_->wait_readable(self(), stream_tag_);
}

// While it is the host that takes nothing, the peer's silence means nothing. Not so while the peer does not read what
// we send: that is its own fault, and its heartbeat runs out.
template <class Session>
void link<Session>::pause_or_resume() {
  const bool paused = !host_has_room();
  if (paused == paused_) return;
  paused_ = paused;
  if (paused)
    session_.pause_reading();
  else
    session_.resume_reading(now().at);
}

template <class Session>
void link<Session>::arm_timer() {
  const session::time_point deadline = session_.deadline();
  if (deadline >= armed_ || !may_tick()) return;
  armed_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([link = self()](const asio::error_code& error) {
    if (!error) link->timer_fired();
  });
}

template <class Session>
void link<Session>::timer_fired() {
  on_loop([&](lock& held) {
    armed_ = session::never;
    if (stream_) pump(held);
    run(held);
  });
}

}  // namespace lbwire::link
