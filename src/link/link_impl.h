// The bodies of link<Session>; included by link/link.h alone.
#pragma once

#include <asio/post.hpp>

#include "link/link.h"

namespace lbwire::link {

template <class Session>
void link<Session>::readable(uint64_t tag) {
  lock held(mutex_);
  if (tag != stream_tag_) return;
  waiting_readable_ = false;
  pump(held);
  run(held);
}

template <class Session>
void link<Session>::writable(uint64_t tag) {
  lock held(mutex_);
  if (tag != stream_tag_) return;
  waiting_writable_ = false;
  session_.drained(now().at);
  run(held);
}

template <class Session>
void link<Session>::run(lock& held) {
  if (stream_ && !held_.empty() && may_read() && session_.wants_packets()) pump(held);
  settle(held);
  flush();
  while (may_tick()) {
    const session::instant t = time_of_session();
    if (!session_.due(t.at)) break;
    session_.tick(t, loop_->batch());
    hand_out(held);
    settle(held);
    flush();
  }
  want_read();
  arm_timer();
}

template <class Session>
void link<Session>::run_soon() {
  if (std::exchange(run_posted_, true)) return;
  loop_->post([link = self()] {
    lock held(link->mutex_);
    link->run_posted_ = false;
    link->run(held);
  });
}

// Reads until the stream has no more, the turn is over, or the host or the session wants no more now.
template <class Session>
void link<Session>::pump(lock& held) {
  for (int reads = 0; stream_ && may_read(); ++reads) {
    looked_at_ = now();
    if (!held_.empty()) {
      if (!session_.wants_packets()) return;
      const std::vector<uint8_t> in = std::exchange(held_, {});
      if (!take_in(held, in)) return;
      continue;
    }
    if (reads == reads_a_turn) return;
    const auto buffer = loop_->read_buffer();
    const transport::io_result result = stream_->read_some(buffer);
    if (result.what == transport::io_result::status::would_block) {
      if (!write_problem_.empty()) lost(write_problem_);
      return;
    }
    if (result.what != transport::io_result::status::ok) return lost(result.problem);
    if (!take_in(held, buffer.first(result.size))) return;
    if (result.size < buffer.size()) return;  // most likely all there was
  }
}

// Gives bytes to the session and its events to the host. False if not all was taken; the rest is kept if it will be.
template <class Session>
bool link<Session>::take_in(lock& held, session::bytes in) {
  const uint64_t tag = stream_tag_;
  if (!session_.wants_packets()) return true;  // closing: nothing more is looked at
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
  if (tag == stream_tag_ && !rest.empty()) held_.insert(held_.end(), rest.begin(), rest.end());
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
    // What the peer said before it went may still wait to be read: the loop looks, then reports the loss.
    write_problem_ = result.problem.empty() ? "the peer closed the connection" : result.problem;
    loop_->post([link = self(), tag = stream_tag_] { link->readable(tag); });
    return;
  }
}

template <class Session>
void link<Session>::use_stream(std::unique_ptr<transport::stream> stream) {
  stream_ = std::move(stream);
  ++stream_tag_;
  waiting_readable_ = waiting_writable_ = paused_ = false;
  write_problem_.clear();
  looked_at_ = now();
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
  const bool paused = !may_read();
  if (paused != paused_) {
    paused_ = paused;
    if (paused) session_.pause_reading();
    else session_.resume_reading(now().at);
  }
  if (paused || waiting_readable_ || !held_.empty()) return;
  waiting_readable_ = true;
  stream_->wait_readable(self(), stream_tag_);
}

template <class Session>
void link<Session>::arm_timer() {
  const session::time_point deadline = session_.deadline();
  if (deadline >= armed_) return;
  armed_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([link = self()](const asio::error_code& error) {
    if (!error) link->timer_fired();
  });
}

template <class Session>
void link<Session>::timer_fired() {
  lock held(mutex_);
  armed_ = session::never;
  if (stream_) pump(held);
  run(held);
}

}  // namespace lbwire::link
