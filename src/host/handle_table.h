// Numbers that stand for objects, for hosts that must never hold a pointer of ours.
//
// A handle is kind (3 bits), generation (30 bits) and slot (20 bits), so it fits in 53 bits and is never 0.
// Any number may be looked up: one that is stale, of another kind or made up finds nothing. Look-up takes no
// lock and waits for nobody; it gives a pin, and what a pin shows stays alive until the pin goes, whatever
// remove() does meanwhile.
//
//   handle_table<client_driver> clients(1);
//   uint64_t handle = clients.insert(driver);
//   if (auto pinned = clients.find(handle)) pinned->connect();
//   std::shared_ptr<client_driver> last = clients.remove(handle);  // one caller wins
//
// The table must outlive its pins. A pin that goes last after remove() destroys the object on its own thread
// if nobody else shares it, so do not drop a pin while holding a lock that T's destructor takes.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace lbwire::host {

template <class T>
class handle_table {
  struct slot;

 public:
  class pin {
   public:
    pin() = default;
    pin(pin&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)),
          slot_(std::exchange(other.slot_, nullptr)),
          index_(other.index_) {}
    pin& operator=(pin&& other) noexcept {
      pin(std::move(other)).swap(*this);
      return *this;
    }
    ~pin() {
      if (slot_) table_->unpin(*slot_, index_);
    }

    explicit operator bool() const noexcept { return slot_ != nullptr; }
    T* get() const noexcept { return slot_ ? slot_->object.get() : nullptr; }
    T& operator*() const noexcept { return *slot_->object; }
    T* operator->() const noexcept { return slot_->object.get(); }

   private:
    friend class handle_table;
    pin(const handle_table& table, slot& s, uint32_t index) : table_(&table), slot_(&s), index_(index) {}
    void swap(pin& other) noexcept {
      std::swap(table_, other.table_);
      std::swap(slot_, other.slot_);
      std::swap(index_, other.index_);
    }

    const handle_table* table_ = nullptr;
    slot* slot_ = nullptr;
    uint32_t index_ = 0;
  };

  static constexpr size_t max_entries = size_t{1} << 20;

  // `kind`, 1 to 7, tells the handles of one table from those of another.
  explicit handle_table(unsigned kind) : kind_(kind) { assert(kind >= 1 && kind <= 7); }
  handle_table(const handle_table&) = delete;
  handle_table& operator=(const handle_table&) = delete;
  ~handle_table() {
    for (auto& chunk : chunks_) delete[] chunk.load(std::memory_order_relaxed);
  }

  // A new handle for `object`; 0 if there is no object or the table is full.
  uint64_t insert(std::shared_ptr<T> object);

  // Empty unless `handle` stands for an object now.
  pin find(uint64_t handle) const noexcept;
  std::shared_ptr<T> share(uint64_t handle) const noexcept;

  // Takes the object out; from here on find() gives nothing. Of several callers one gets the object, the
  // others nullptr. Pins that exist stay valid; the table's own reference goes with the last of them.
  std::shared_ptr<T> remove(uint64_t handle) noexcept;

  // fn(handle, T&) for each object, pinned meanwhile. What is inserted or removed during the walk may be seen
  // or not.
  template <class Fn>
  void for_each(Fn&& fn) const;

 private:
  // A slot's word: generation (30 bits), one bit that says whether find() may take it, and the count of pins.
  // A slot is live until remove(), then retired until the last pin goes, then free under the next generation.
  static constexpr unsigned slot_bits = 20;
  static constexpr unsigned generation_bits = 30;
  static constexpr uint64_t generation_mask = (uint64_t{1} << generation_bits) - 1;
  static constexpr uint64_t pin_mask = (uint64_t{1} << 32) - 1;
  static constexpr uint64_t live_bit = uint64_t{1} << 32;
  static constexpr unsigned generation_shift = 33;

  // What pinning does to the live bit.
  static constexpr uint64_t stay = 0;
  static constexpr uint64_t retire = live_bit;

  struct slot {
    std::atomic<uint64_t> word{0};
    std::shared_ptr<T> object;  // written only by the one thread that fills or frees the slot
    uint32_t next_free = 0;     // guarded by the mutex
  };
  static_assert(sizeof(slot) <= 64);

  // Chunk 0 holds the first 64 slots, chunk k the slots from 64 * 2^(k-1) up to 64 * 2^k: a table of few
  // entries costs little, and one of many needs no directory.
  static constexpr unsigned first_chunk_bits = 6;
  static constexpr size_t chunk_count = slot_bits - first_chunk_bits + 1;
  static constexpr uint32_t none = ~uint32_t{0};

  static uint64_t generation_of(uint64_t word) { return word >> generation_shift; }
  static size_t chunk_of(uint32_t index) {
    unsigned width = static_cast<unsigned>(std::bit_width(index));
    return width <= first_chunk_bits ? 0 : width - first_chunk_bits;
  }
  static uint32_t first_of(size_t chunk) { return chunk ? uint32_t{1} << (first_chunk_bits + chunk - 1) : 0; }
  static uint32_t end_of(size_t chunk) { return uint32_t{1} << (first_chunk_bits + chunk); }

  uint64_t handle_of(uint32_t index, uint64_t word) const {
    return uint64_t{kind_} << (slot_bits + generation_bits) | generation_of(word) << slot_bits | index;
  }
  slot* slot_of(uint32_t index) const noexcept {
    size_t chunk = chunk_of(index);
    slot* slots = chunks_[chunk].load(std::memory_order_acquire);
    return slots ? slots + (index - first_of(chunk)) : nullptr;
  }

  pin enter(uint64_t handle, uint64_t clear) const noexcept;
  bool pin_if_live(slot& s, uint64_t& word, uint64_t generation, uint64_t clear) const noexcept;
  void unpin(slot& s, uint32_t index) const noexcept;
  void free_slot(slot& s, uint32_t index, uint64_t word) const noexcept;
  void append_free(slot& s, uint32_t index) const noexcept;
  bool grow();

  const unsigned kind_;
  std::array<std::atomic<slot*>, chunk_count> chunks_{};

  // Free slots, first in first out, so that a generation lasts as long as it can. A pin frees, so even a
  // const look-up may end here.
  mutable std::mutex mutex_;
  mutable uint32_t free_head_ = none;
  mutable uint32_t free_tail_ = none;
  size_t chunks_used_ = 0;
};

template <class T>
uint64_t handle_table<T>::insert(std::shared_ptr<T> object) {
  if (!object) return 0;
  uint32_t index;
  slot* s;
  {
    std::lock_guard lock(mutex_);
    if (free_head_ == none && !grow()) return 0;
    index = free_head_;
    s = slot_of(index);
    free_head_ = s->next_free;
    if (free_head_ == none) free_tail_ = none;
  }
  s->object = std::move(object);
  uint64_t word = s->word.load(std::memory_order_relaxed) | live_bit;
  s->word.store(word, std::memory_order_release);
  return handle_of(index, word);
}

template <class T>
typename handle_table<T>::pin handle_table<T>::find(uint64_t handle) const noexcept {
  return enter(handle, stay);
}

template <class T>
std::shared_ptr<T> handle_table<T>::share(uint64_t handle) const noexcept {
  pin pinned = find(handle);
  return pinned ? pinned.slot_->object : nullptr;
}

template <class T>
std::shared_ptr<T> handle_table<T>::remove(uint64_t handle) noexcept {
  pin pinned = enter(handle, retire);
  return pinned ? pinned.slot_->object : nullptr;  // a copy: other pins still look at the slot
}

template <class T>
typename handle_table<T>::pin handle_table<T>::enter(uint64_t handle, uint64_t clear) const noexcept {
  if (handle >> (slot_bits + generation_bits) != kind_) return {};
  auto index = static_cast<uint32_t>(handle & (max_entries - 1));
  slot* s = slot_of(index);
  if (!s) return {};
  uint64_t word = s->word.load(std::memory_order_relaxed);
  if (!pin_if_live(*s, word, handle >> slot_bits & generation_mask, clear)) return {};
  return pin(*this, *s, index);
}

template <class T>
template <class Fn>
void handle_table<T>::for_each(Fn&& fn) const {
  for (size_t chunk = 0; chunk < chunk_count; ++chunk) {
    slot* slots = chunks_[chunk].load(std::memory_order_acquire);
    if (!slots) return;
    for (uint32_t index = first_of(chunk); index < end_of(chunk); ++index) {
      slot& s = slots[index - first_of(chunk)];
      uint64_t word = s.word.load(std::memory_order_relaxed);
      if (!pin_if_live(s, word, generation_of(word), stay)) continue;
      pin pinned(*this, s, index);
      fn(handle_of(index, word), *pinned);
    }
  }
}

// One step both pins and, to retire, clears the live bit, so that of several removers exactly one gets in.
template <class T>
bool handle_table<T>::pin_if_live(slot& s, uint64_t& word, uint64_t generation, uint64_t clear) const noexcept {
  do {
    if (generation_of(word) != generation || !(word & live_bit)) return false;
  } while (
      !s.word.compare_exchange_weak(word, (word & ~clear) + 1, std::memory_order_acquire, std::memory_order_relaxed));
  return true;
}

template <class T>
void handle_table<T>::unpin(slot& s, uint32_t index) const noexcept {
  uint64_t before = s.word.fetch_sub(1, std::memory_order_acq_rel);
  bool last = (before & pin_mask) == 1;
  bool retired = !(before & live_bit);
  if (last && retired) free_slot(s, index, before - 1);
}

// Retired and without pins, the slot is this thread's alone.
template <class T>
void handle_table<T>::free_slot(slot& s, uint32_t index, uint64_t word) const noexcept {
  std::shared_ptr<T> object = std::move(s.object);  // destroyed last, outside the lock
  uint64_t next = (generation_of(word) + 1) & generation_mask;
  s.word.store(next << generation_shift, std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  append_free(s, index);
}

template <class T>
void handle_table<T>::append_free(slot& s, uint32_t index) const noexcept {
  s.next_free = none;
  if (free_tail_ == none) {
    free_head_ = index;
  } else {
    slot_of(free_tail_)->next_free = index;
  }
  free_tail_ = index;
}

template <class T>
bool handle_table<T>::grow() {
  if (chunks_used_ == chunk_count) return false;
  uint32_t first = first_of(chunks_used_);
  uint32_t end = end_of(chunks_used_);
  auto* slots = new slot[end - first];
  chunks_[chunks_used_++].store(slots, std::memory_order_release);
  for (uint32_t index = first; index < end; ++index) append_free(slots[index - first], index);
  return true;
}

}  // namespace lbwire::host
