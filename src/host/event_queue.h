// The events on their way from the library's threads to the host's polling thread.
//
// Producers copy an event, with all that it points to, into the last chunk under a short lock. The consumer
// takes a whole chunk at a time, and serves its events with no lock and no copy. Nothing is allocated per
// event, and a queue that was never used holds no memory.
//
// What keeps it bounded, `max_bytes` being the events that were not polled yet:
//   block        has_room() turns false, and the driver stops reading its socket until on_room. push() takes
//   the event
//                all the same, so the limit is soft by what the driver already has in hand.
//   drop_oldest  the oldest pushes that the consumer has not taken yet make room, and a DROPPED event just
//   before the
//                event that followed them says how many. The newest push is always kept, even one over the
//                limit. has_room() turns false only if control events alone fill the queue.
// Control events are never dropped. Log events are, under both policies, while the queue is over its limit.
//
// Producers and the consumer share ownership; every function may be called from any thread, except as noted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "host/event_chunk.h"
#include "host/readable_signal.h"
#include "lbwire/lbwire.h"

namespace lbwire::host {

enum class overflow_policy : uint8_t { block, drop_oldest };

class event_queue {
 public:
  event_queue(size_t max_bytes, overflow_policy policy);
  event_queue(const event_queue&) = delete;
  event_queue& operator=(const event_queue&) = delete;
  ~event_queue();

  // Copies the event and what it points to. After close() it does nothing.
  void push(const lbw_event& event);

  // False from when the limit is reached until half of it is free again. Takes no lock.
  bool has_room() const noexcept { return !full_.load(std::memory_order_acquire); }

  // Called each time has_room() turns true again, on the consumer's thread, from within poll() and with no
  // lock held. Set it before the first push. It may run while close() does, so it must own what it touches.
  void on_room(std::function<void()> fn);

  // Ends the queue: a waiting poll returns, what was not polled is discarded, the descriptor is closed. The
  // event that was polled last stays valid until the next poll.
  void close();

  // The next event, waiting up to timeout_ms (0: not at all; below 0: without end). *event is valid until the
  // next poll, and NULL unless LBW_OK. LBW_ERR_TIMEOUT: none came. LBW_ERR_INVALID_HANDLE: closed.
  // LBW_ERR_BUSY: another thread is polling.
  lbw_status poll(const lbw_event** event, int32_t timeout_ms);

  // A descriptor that is readable exactly while poll() would give an event; made by the first call. It is the
  // queue's to read, write and close. LBW_ERR_INVALID_HANDLE: closed. LBW_ERR_NETWORK: no descriptors left.
  lbw_status fd(int32_t* fd);

  size_t bytes() const noexcept;         // of events that were not polled yet
  size_t allocated() const;              // memory held, the consumer's chunk included
  size_t dropped() const noexcept;       // pushes
  size_t dropped_logs() const noexcept;  // log events

 private:
  using lock = std::unique_lock<std::mutex>;

  // Under the lock.
  void store(event_chunk_list& list, const lbw_event& event, size_t size, uint64_t dropped_before);
  std::unique_ptr<event_chunk> make_chunk(size_t record, bool first);
  void recycle(std::unique_ptr<event_chunk> chunk) noexcept;
  bool over_limit(size_t more) noexcept;
  void make_room(size_t size);
  void evacuate_front();
  void note_fullness() noexcept;
  bool announce() noexcept;
  bool take_chunk() noexcept;
  void shed_spare() noexcept;
  void note_emptiness() noexcept;
  bool nothing_queued() const noexcept { return survivors_.empty() && queued_.empty(); }

  // On the consumer's thread.
  lbw_status wait_for_chunk(lock& held, int32_t timeout_ms);
  void sleep(lock& held, int32_t timeout_ms);
  const lbw_event* serve(lock& held);
  const lbw_event* serve_dropped(event_record& record) noexcept;
  void tell_room();

  const size_t max_bytes_;
  const size_t chunk_bytes_;
  const overflow_policy policy_;
  std::atomic<bool> closed_{false};
  std::atomic<bool> full_{false};
  std::function<void()> on_room_;

  // Producers'. Bytes that wait are those that came in less those that were served: two counters with one
  // writer each, so that serving an event is a plain store.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  event_chunk_list survivors_;  // what was left when the pushes around it were dropped; older than queued_
  event_chunk_list queued_;
  std::unique_ptr<event_chunk> spare_;
  readable_signal signal_;
  uint64_t dropped_pending_ = 0;  // pushes dropped just before the front of queued_
  size_t droppable_bytes_ = 0;    // of pushes and logs in queued_
  size_t control_bytes_ = 0;      // of everything else in survivors_ and queued_
  size_t served_seen_ = 0;        // the last value of bytes_served_ that producers looked at
  size_t allocated_ = 0;
  bool available_ = false;  // poll() would give an event
  bool waiting_ = false;    // the consumer sleeps
  std::atomic<size_t> bytes_in_{0};
  std::atomic<size_t> dropped_{0};
  std::atomic<size_t> dropped_logs_{0};

  // The consumer's, on cache lines of their own.
  alignas(64) std::atomic<bool> polling_{false};
  std::atomic<size_t> bytes_served_{0};
  std::unique_ptr<event_chunk> current_;  // holds the event given last; replaced under the lock
  lbw_event dropped_event_{};
};

}  // namespace lbwire::host
