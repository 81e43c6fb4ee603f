// Events for the tests of the queue, each with a number by which it is known again.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "lbwire/lbwire.h"

namespace lbwire::host::test {

// A control event: one that may never be dropped.
inline lbw_event control(uint64_t number) {
  lbw_event event{};
  event.writable = {sizeof(lbw_writable_event), LBW_EVENT_WRITABLE, number};
  return event;
}

// A push whose body begins with its number. What it points to is the object's own.
class push_of {
 public:
  explicit push_of(uint64_t number, size_t size = 100) : body_(size, 'x') {
    std::memcpy(body_.data(), &number, sizeof number);
    event_.push = {sizeof(lbw_push_event), LBW_EVENT_PUSH, 7, {}, static_cast<uint32_t>(size), body_.data()};
  }
  operator const lbw_event&() const { return event_; }

 private:
  std::string body_;
  lbw_event event_{};
};

inline lbw_event log_line(const char* text = "something happened") {
  lbw_event event{};
  event.log = {sizeof(lbw_log_event), LBW_EVENT_LOG, LBW_LOG_INFO, static_cast<uint32_t>(std::strlen(text)), text};
  return event;
}

// The number that control() or push_of() gave it.
inline uint64_t number_of(const lbw_event& event) {
  if (event.header.type == LBW_EVENT_WRITABLE) return event.writable.connection;
  uint64_t number;
  std::memcpy(&number, event.push.body, sizeof number);
  return number;
}

}  // namespace lbwire::host::test
