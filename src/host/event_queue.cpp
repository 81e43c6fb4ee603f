#include "host/event_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lbwire::host {
namespace {

// A quiet queue lives in small chunks; one that fills takes large ones, but never a few that are most of its
// limit.
constexpr size_t small_chunk = 4096;
constexpr size_t large_chunk = 65536;

class flag_guard {
 public:
  explicit flag_guard(std::atomic<bool>& flag) : flag_(flag) {}
  flag_guard(const flag_guard&) = delete;
  flag_guard& operator=(const flag_guard&) = delete;
  ~flag_guard() { flag_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool>& flag_;
};

// For counters that are written under the queue's lock and read without it.
void add(std::atomic<size_t>& counter, size_t amount) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_release);
}

void subtract(std::atomic<size_t>& counter, size_t amount) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) - amount, std::memory_order_release);
}

}  // namespace

event_queue::event_queue(size_t max_bytes, overflow_policy policy)
    : max_bytes_(std::max<size_t>(max_bytes, 1)),
      chunk_bytes_(std::clamp(max_bytes / 4, small_chunk, large_chunk)),
      policy_(policy) {}

event_queue::~event_queue() = default;

void event_queue::on_room(std::function<void()> fn) {
  on_room_ = std::move(fn);
}

// ---- Producers ----------------------------------------------------------------------------------

void event_queue::push(const lbw_event& event) {
  const size_t size = record_size(event);
  const bool droppable = is_droppable(event);
  bool wake;
  {
    std::lock_guard held(mutex_);
    if (closed_.load(std::memory_order_relaxed)) return;
    if (event.header.type == LBW_EVENT_LOG && over_limit(size)) return add(dropped_logs_, 1);
    if (policy_ == overflow_policy::drop_oldest) make_room(size);
    store(queued_, event, size, 0);
    add(bytes_in_, size);
    (droppable ? droppable_bytes_ : control_bytes_) += size;
    note_fullness();
    wake = announce();
  }
  if (wake) wake_.notify_one();
}

void event_queue::store(event_chunk_list& list, const lbw_event& event, size_t size, uint64_t dropped_before) {
  if (list.empty() || !list.back().fits(size)) list.push_back(make_chunk(size, list.empty()));
  list.back().append(event, size, dropped_before);
}

std::unique_ptr<event_chunk> event_queue::make_chunk(size_t record, bool first) {
  const size_t wanted = std::max(record, first ? small_chunk : chunk_bytes_);
  if (spare_ && spare_->capacity() >= wanted) return std::move(spare_);
  auto chunk = std::make_unique<event_chunk>(wanted);
  allocated_ += wanted;
  return chunk;
}

// Keeps one chunk, the larger one, unless it was made for one large event.
void event_queue::recycle(std::unique_ptr<event_chunk> chunk) noexcept {
  chunk->clear();
  const bool keep = chunk->capacity() <= chunk_bytes_ && (!spare_ || spare_->capacity() < chunk->capacity());
  if (keep) std::swap(chunk, spare_);
  if (chunk) allocated_ -= chunk->capacity();
}

// Looks at the consumer's counter, which is on its cache line, only when what was seen last does not settle
// it.
bool event_queue::over_limit(size_t more) noexcept {
  const size_t in = bytes_in_.load(std::memory_order_relaxed) + more;
  if (in - served_seen_ <= max_bytes_) return false;
  served_seen_ = bytes_served_.load(std::memory_order_acquire);
  return in - served_seen_ > max_bytes_;
}

void event_queue::make_room(size_t size) {
  while (droppable_bytes_ > 0 && over_limit(size)) evacuate_front();
}

// Drops the oldest event, or moves it out of the way of those behind it: what survives lies close together,
// so that a few control events do not keep the chunks alive that they came in.
void event_queue::evacuate_front() {
  event_chunk& chunk = queued_.front();
  const event_record& record = chunk.front();
  if (is_droppable(record.event)) {
    droppable_bytes_ -= record.size;
    subtract(bytes_in_, record.size);
    const bool is_push = record.event.header.type == LBW_EVENT_PUSH;
    if (is_push) ++dropped_pending_;
    add(is_push ? dropped_ : dropped_logs_, 1);
  } else {
    store(survivors_, record.event, record.size, dropped_pending_);
    dropped_pending_ = 0;
  }
  chunk.pop();
  if (chunk.empty()) recycle(queued_.pop_front());
}

void event_queue::note_fullness() noexcept {
  const bool full = policy_ == overflow_policy::block ? over_limit(1) : control_bytes_ >= max_bytes_;
  if (full) full_.store(true, std::memory_order_release);
}

// True if the consumer sleeps and must be woken; one system call at most for each time that the queue was
// empty.
bool event_queue::announce() noexcept {
  if (!available_) {
    available_ = true;
    signal_.raise();
  }
  return std::exchange(waiting_, false);
}

void event_queue::close() {
  {
    std::lock_guard held(mutex_);
    if (closed_.exchange(true)) return;
    subtract(bytes_in_, droppable_bytes_ + control_bytes_);
    droppable_bytes_ = control_bytes_ = 0;
    while (!survivors_.empty()) recycle(survivors_.pop_front());
    while (!queued_.empty()) recycle(queued_.pop_front());
    shed_spare();
    signal_.close();
    full_.store(false, std::memory_order_release);  // what still comes is discarded, and must not be waited for
  }
  wake_.notify_all();
}

// ---- The consumer -------------------------------------------------------------------------------

lbw_status event_queue::poll(const lbw_event** event, int32_t timeout_ms) {
  *event = nullptr;
  if (closed_.load(std::memory_order_acquire)) return LBW_ERR_INVALID_HANDLE;
  if (polling_.exchange(true, std::memory_order_acquire)) return LBW_ERR_BUSY;
  flag_guard polling(polling_);
  {
    lock held(mutex_, std::defer_lock);
    if (!current_ || current_->empty()) {
      held.lock();
      if (lbw_status status = wait_for_chunk(held, timeout_ms); status != LBW_OK) return status;
    }
    *event = serve(held);
  }
  if (full_.load(std::memory_order_acquire)) tell_room();
  return LBW_OK;
}

lbw_status event_queue::wait_for_chunk(lock& held, int32_t timeout_ms) {
  auto ended = [this] { return closed_.load(std::memory_order_relaxed); };
  if (!ended() && take_chunk()) return LBW_OK;
  if (!ended() && timeout_ms != 0) sleep(held, timeout_ms);
  if (ended()) return LBW_ERR_INVALID_HANDLE;
  return take_chunk() ? LBW_OK : LBW_ERR_TIMEOUT;
}

void event_queue::sleep(lock& held, int32_t timeout_ms) {
  auto awake = [this] { return closed_.load(std::memory_order_relaxed) || !nothing_queued(); };
  waiting_ = true;
  if (timeout_ms < 0) {
    wake_.wait(held, awake);
  } else {
    wake_.wait_until(held, std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms), awake);
  }
  waiting_ = false;
}

bool event_queue::take_chunk() noexcept {
  if (current_) recycle(std::move(current_));
  if (nothing_queued()) {
    if (spare_ && spare_->capacity() > small_chunk) shed_spare();
    return false;
  }
  if (!survivors_.empty()) {
    current_ = survivors_.pop_front();
  } else {
    current_ = queued_.pop_front();
    current_->front().dropped_before = std::exchange(dropped_pending_, 0);
  }
  droppable_bytes_ -= current_->droppable_bytes();
  control_bytes_ -= current_->bytes() - current_->droppable_bytes();
  return true;
}

void event_queue::shed_spare() noexcept {
  if (!spare_) return;
  allocated_ -= spare_->capacity();
  spare_.reset();
}

// The lock may be held already; it is taken only for the last event of a chunk.
const lbw_event* event_queue::serve(lock& held) {
  event_record& record = current_->front();
  if (record.dropped_before > 0) return serve_dropped(record);
  current_->pop();
  add(bytes_served_, record.size);
  if (current_->empty()) {
    if (!held.owns_lock()) held.lock();
    note_emptiness();
  }
  return &record.event;
}

const lbw_event* event_queue::serve_dropped(event_record& record) noexcept {
  dropped_event_.dropped = {sizeof(lbw_dropped_event), LBW_EVENT_DROPPED, std::exchange(record.dropped_before, 0)};
  return &dropped_event_;
}

void event_queue::note_emptiness() noexcept {
  if (!nothing_queued()) return;
  available_ = false;
  signal_.lower();
}

void event_queue::tell_room() {
  if (bytes() > max_bytes_ / 2) return;
  {
    std::lock_guard held(mutex_);
    if (closed_.load(std::memory_order_relaxed) || bytes() > max_bytes_ / 2) return;
    full_.store(false, std::memory_order_release);
  }
  if (on_room_) on_room_();
}

lbw_status event_queue::fd(int32_t* fd) {
  *fd = -1;
  std::lock_guard held(mutex_);
  if (closed_.load(std::memory_order_relaxed)) return LBW_ERR_INVALID_HANDLE;
  if (!signal_.is_open()) {
    if (!signal_.open()) return LBW_ERR_NETWORK;
    if (available_) signal_.raise();
  }
  *fd = signal_.fd();
  return LBW_OK;
}

// ---- Counters -----------------------------------------------------------------------------------

// Served first: what came in is never less, so the difference cannot wrap.
size_t event_queue::bytes() const noexcept {
  const size_t served = bytes_served_.load(std::memory_order_acquire);
  return bytes_in_.load(std::memory_order_acquire) - served;
}

size_t event_queue::allocated() const {
  std::lock_guard held(mutex_);
  return allocated_;
}

size_t event_queue::dropped() const noexcept {
  return dropped_.load(std::memory_order_acquire);
}

size_t event_queue::dropped_logs() const noexcept {
  return dropped_logs_.load(std::memory_order_acquire);
}

}  // namespace lbwire::host
