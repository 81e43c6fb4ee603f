// One session, the stream that carries it, and the timer that it asks for: bytes are moved, deadlines kept, events
// handed out. What client and gateway connections share; what a session means is theirs.
//
// Threads. A link belongs to an event loop, which reads, keeps time and hands out every event, one at a time and in
// order. Its mutex guards the session and the stream, and is never held while the host's code runs. So a thread of the
// host may take it at any time, put a packet into the session and send it right there, without waking the loop; inside
// a callback the packet only joins the output, which is sent once the batch is through.
#pragma once

#include <asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "link/loop.h"
#include "session/clock.h"
#include "session/event.h"
#include "session/send_buffer.h"
#include "transport/stream.h"

namespace lbwire::link {

session::instant now();

// The link whose events this thread is handing out, if any.
extern thread_local const void* handing_out;

template <class Session>
class link : public transport::io_observer {
 public:
  void readable(uint64_t tag) override;
  void writable(uint64_t tag) override;

 protected:
  using lock = std::unique_lock<std::mutex>;

  template <class... Arguments>
  explicit link(std::shared_ptr<loop> on, Arguments&&... arguments)
      : loop_(std::move(on)), session_(std::forward<Arguments>(arguments)...), timer_(loop_->context()) {}

  // ---- what client and gateway add ----

  virtual std::shared_ptr<link> self() = 0;
  // Gives one event to the host. On the loop's thread, without the lock.
  virtual void dispatch(const session::event& event) = 0;
  // Opens and closes streams as the session wants. On the loop's thread, with the lock.
  virtual void settle(lock& held) = 0;
  // The stream ended, or broke. On the loop's thread, with the lock.
  virtual void lost(const std::string& problem) = 0;
  // False while the host does not take events: then nothing is read.
  virtual bool host_has_room() const = 0;
  // False while the session's deadlines must wait for the host.
  virtual bool may_tick() const { return true; }

  // ---- what they use ----

  // Does all that is due. On the loop's thread, with the lock.
  void run(lock& held);
  // The same, soon, from any thread.
  void run_soon();
  // Sends what can be sent now. Any thread, with the lock.
  void flush();
  // After the host put something into the session: sends it on this thread, or leaves it to the batch that is being
  // handed out. Any thread, with the lock.
  void send_now() {
    if (handing_out == this) return;
    flush();
    arm_timer();
  }

  void use_stream(std::unique_ptr<transport::stream> stream);
  void drop_stream();
  // No deadline is kept any more: nothing but the owner keeps the link alive.
  void cancel_timer() { timer_.cancel(); }

  std::mutex mutex_;
  std::shared_ptr<loop> loop_;
  Session session_;
  std::unique_ptr<transport::stream> stream_;

 private:
  // Runs work(held) as the loop. What it throws (no memory, no descriptor) ends the connection, not the process.
  template <class Work>
  void on_loop(Work&& work);
  void pump(lock& held);
  bool look_at_held(lock& held);
  bool take_in(lock& held, session::bytes in);
  void hand_out(lock& held);
  void want_read();
  void pause_or_resume();
  void arm_timer();
  void timer_fired();
  void write_failed(uint64_t tag);
  // What a session that is closing still receives is read and discarded: an end that is not read makes the system
  // throw away what was not delivered yet, our Close among it.
  bool may_read() const {
    return session_.discards() || (host_has_room() && !session_.overfull() && session_.wants_packets());
  }
  // What has arrived counts before time does: a session's time is that at which its stream was last looked at, or a
  // host that was slow would make its peer look silent. What is due by the clock is done once timer_fired() has looked.
  session::instant time_of_session() const { return stream_ && may_read() ? looked_at_ : now(); }

  // One turn reads so much at most, so that a busy connection leaves the others theirs.
  static constexpr int reads_a_turn = 8;

  asio::steady_timer timer_;
  session::time_point armed_ = session::never;
  session::instant looked_at_{};
  uint64_t stream_tag_ = 0;
  bool waiting_readable_ = false, waiting_writable_ = false;
  bool run_posted_ = false;
  bool paused_ = false;
  std::string write_problem_;
  std::vector<uint8_t> held_;  // read, but not to be looked at yet
};

}  // namespace lbwire::link

#include "link/link_impl.h"
