#include "host/event_layout.h"

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace lbwire::host {
namespace {

// Where a struct keeps the pointer to a text, and its length.
struct text_field {
  size_t pointer;
  size_t length;
};

struct event_layout {
  size_t size;
  size_t text_count = 0;
  std::array<text_field, 3> texts{};
};

#define LBW_TEXT(type, name) \
  { offsetof(type, name), offsetof(type, name##_len) }

constexpr std::array<event_layout, 14> layouts = {{
    {sizeof(lbw_event::header)},
    {sizeof(lbw_state_event), 1, {{LBW_TEXT(lbw_state_event, detail)}}},
    {sizeof(lbw_session_event), 2, {{LBW_TEXT(lbw_session_event, session_id), LBW_TEXT(lbw_session_event, peer)}}},
    {sizeof(lbw_close_event), 2, {{LBW_TEXT(lbw_close_event, name), LBW_TEXT(lbw_close_event, reason)}}},
    {sizeof(lbw_heartbeat_event)},
    {sizeof(lbw_push_event), 1, {{LBW_TEXT(lbw_push_event, body)}}},
    {sizeof(lbw_response_event), 2, {{LBW_TEXT(lbw_response_event, body), LBW_TEXT(lbw_response_event, error_msg)}}},
    {sizeof(lbw_token_event)},
    {sizeof(lbw_log_event), 1, {{LBW_TEXT(lbw_log_event, message)}}},
    {sizeof(lbw_dropped_event)},
    {sizeof(lbw_writable_event)},
    {sizeof(lbw_auth_event),
     3,
     {{LBW_TEXT(lbw_auth_event, token), LBW_TEXT(lbw_auth_event, metadata), LBW_TEXT(lbw_auth_event, peer)}}},
    {sizeof(lbw_request_event), 1, {{LBW_TEXT(lbw_request_event, body)}}},
    {sizeof(lbw_stopped_event)},
}};
static_assert(layouts.size() == LBW_EVENT_STOPPED + 1, "one layout for each event type, by its number");

#undef LBW_TEXT

const event_layout& layout_of(const lbw_event& event) {
  uint32_t type = event.header.type;
  assert(type > 0 && type < layouts.size());
  return layouts[type < layouts.size() ? type : 0];
}

// The fields are read by offset, so that one loop serves every struct; pointers to void and to char look
// alike.
uint32_t length_of(const lbw_event& event, const text_field& field) {
  uint32_t length;
  std::memcpy(&length, reinterpret_cast<const char*>(&event) + field.length, sizeof length);
  return length;
}

const char* pointer_of(const lbw_event& event, const text_field& field) {
  const char* pointer;
  std::memcpy(&pointer, reinterpret_cast<const char*>(&event) + field.pointer, sizeof pointer);
  return pointer;
}

void set_pointer(lbw_event& event, const text_field& field, const char* pointer) {
  std::memcpy(reinterpret_cast<char*>(&event) + field.pointer, &pointer, sizeof pointer);
}

}  // namespace

size_t text_size(const lbw_event& event) {
  const event_layout& layout = layout_of(event);
  size_t total = 0;
  for (size_t i = 0; i < layout.text_count; ++i) total += size_t{length_of(event, layout.texts[i])} + 1;
  return total;
}

void copy_event(const lbw_event& event, lbw_event& to, char* text) {
  const event_layout& layout = layout_of(event);
  std::memcpy(&to, &event, layout.size);
  std::memset(reinterpret_cast<char*>(&to) + layout.size, 0, sizeof to - layout.size);
  to.header.size = static_cast<uint32_t>(layout.size);
  for (size_t i = 0; i < layout.text_count; ++i) {
    const text_field& field = layout.texts[i];
    size_t length = length_of(event, field);
    if (length) std::memcpy(text, pointer_of(event, field), length);
    text[length] = '\0';
    set_pointer(to, field, text);
    text += length + 1;
  }
}

}  // namespace lbwire::host
