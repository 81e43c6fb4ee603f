#include "host/event_chunk.h"

#include <cassert>
#include <new>
#include <utility>

#include "host/event_layout.h"

namespace lbwire::host {

size_t record_size(const lbw_event& event) {
  constexpr size_t alignment = alignof(event_record);
  return (sizeof(event_record) + text_size(event) + alignment - 1) / alignment * alignment;
}

bool is_droppable(const lbw_event& event) noexcept {
  return event.header.type == LBW_EVENT_PUSH || event.header.type == LBW_EVENT_LOG;
}

event_chunk::event_chunk(size_t capacity)
    : memory_(std::make_unique_for_overwrite<std::byte[]>(capacity)), capacity_(capacity) {}

void event_chunk::append(const lbw_event& event, size_t size, uint64_t dropped_before) {
  assert(fits(size));
  std::byte* place = memory_.get() + used_;
  auto* record = new (place) event_record;
  record->size = size;
  record->dropped_before = dropped_before;
  copy_event(event, record->event, reinterpret_cast<char*>(place + sizeof(event_record)));
  used_ += size;
  if (is_droppable(event)) droppable_ += size;
}

event_record& event_chunk::front() noexcept {
  assert(!empty());
  return *std::launder(static_cast<event_record*>(static_cast<void*>(memory_.get() + read_)));
}

void event_chunk::pop() noexcept {
  const event_record& record = front();
  if (is_droppable(record.event)) droppable_ -= record.size;
  read_ += record.size;
}

void event_chunk::clear() noexcept {
  read_ = used_ = droppable_ = 0;
}

void event_chunk_list::push_back(std::unique_ptr<event_chunk> chunk) noexcept {
  event_chunk* added = chunk.get();
  (head_ ? tail_->next_ : head_) = std::move(chunk);
  tail_ = added;
}

std::unique_ptr<event_chunk> event_chunk_list::pop_front() noexcept {
  std::unique_ptr<event_chunk> chunk = std::move(head_);
  head_ = std::move(chunk->next_);
  if (!head_) tail_ = nullptr;
  return chunk;
}

// One by one: the chain's own destructor would recurse as deep as the list is long.
void event_chunk_list::clear() noexcept {
  while (!empty()) pop_front();
}

}  // namespace lbwire::host
