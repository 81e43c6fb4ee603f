// What the tests of the sessions share: time and chance that the test decides, events that outlive their batch, and
// packets made by hand.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "session/clock.h"
#include "session/event.h"
#include "session/random_source.h"
#include "wire/control.h"
#include "wire/packet.h"

namespace lbwire::session {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using byte_string = std::vector<uint8_t>;

inline constexpr duration one_tick{1};
inline constexpr int64_t some_unix_ms = 1'700'000'000'000;

// Both clocks, which go together until the test sets the wall clock.
class fake_clock {
 public:
  instant now() const { return {at_, wall_ns_ / 1'000'000}; }
  time_point at() const { return at_; }
  void advance(duration d) {
    at_ += d;
    wall_ns_ += nanoseconds(d).count();
  }
  void advance_to(time_point at) {
    if (at > at_) advance(at - at_);
  }
  void jump_wall(milliseconds by) { wall_ns_ += by.count() * 1'000'000; }

 private:
  time_point at_{std::chrono::hours(1000)};
  int64_t wall_ns_ = some_unix_ms * 1'000'000;
};

// Gives the number that the test chose: back-off delays are that number modulo (ceiling + 1).
class chosen_random : public random_source {
 public:
  // Makes every delay its ceiling, for the ceilings 0, 250, 500, ... 8000.
  static constexpr uint64_t highest =
      std::lcm(std::lcm(std::lcm(uint64_t{251}, uint64_t{501}), std::lcm(uint64_t{1001}, uint64_t{2001})),
               std::lcm(uint64_t{4001}, uint64_t{8001})) -
      1;
  uint64_t value = highest;
  uint64_t next() override { return value; }
};

// The same run for the same seed (splitmix64).
class seeded_random : public random_source {
 public:
  explicit seeded_random(uint64_t seed) : state_(seed) {}
  uint64_t next() override {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t limit) { return next() % limit; }

 private:
  uint64_t state_;
};

// Events copied out of their batches, text and bodies too.
class event_log {
 public:
  void add(const event_batch& batch);
  void take(event_batch& batch) { add(batch), batch.clear(); }
  void clear();

  // One line an event, in order: "state backing_off", "close 4 peer", "response -8".
  std::vector<std::string> summary() const;

  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> found;
    for (const event& e : events_) {
      if (const auto* wanted = std::get_if<Event>(&e)) found.push_back(*wanted);
    }
    return found;
  }
  template <class Event>
  size_t count() const {
    return all<Event>().size();
  }
  template <class Event>
  Event last() const {
    const auto found = all<Event>();
    if (!found.empty()) return found.back();
    ADD_FAILURE() << "no such event";
    return {};
  }
  template <class Event>
  Event only() const {
    EXPECT_EQ(count<Event>(), 1u);
    return last<Event>();
  }

 private:
  std::string_view own(std::string_view text) { return texts_.emplace_back(text); }
  bytes own(bytes body) { return bodies_.emplace_back(body.begin(), body.end()); }

  std::vector<event> events_;
  std::deque<std::string> texts_;
  std::deque<byte_string> bodies_;
  std::deque<wire::string_map> maps_;
};

// A packet with a body of its own.
struct owned_packet {
  wire::packet_type type = wire::packet_type::push;
  uint8_t cmd = 0;
  uint32_t request_id = 0;
  uint8_t status = 0;
  uint16_t timeout_ms = 0;
  byte_string body = {};
  bool gzip = false;
  byte_string metadata = {};

  bool is(wire::packet_type t, wire::command c) const { return type == t && cmd == static_cast<uint8_t>(c); }
};

byte_string encoded(const owned_packet& p, wire::version v = wire::version::v1);
owned_packet copy_of(const wire::packet& p);

// All packets of a run of bytes that holds nothing else.
std::vector<owned_packet> decoded(bytes in, wire::version v = wire::version::v1);

byte_string operator+(byte_string a, const byte_string& b);
byte_string text_bytes(std::string_view text);
std::string as_text(bytes body);

template <class Message>
byte_string body_of(const Message& message, wire::body_codec codec = wire::body_codec::protobuf) {
  byte_string out;
  wire::encode(codec, message, out);
  return out;
}
template <class Message>
Message message_in(const owned_packet& p, wire::body_codec codec = wire::body_codec::protobuf) {
  Message out;
  EXPECT_TRUE(wire::decode(codec, p.body, out));
  return out;
}

constexpr uint8_t number(wire::command c) {
  return static_cast<uint8_t>(c);
}
constexpr uint8_t number(wire::status_code s) {
  return static_cast<uint8_t>(s);
}

inline owned_packet request_packet(uint8_t cmd, uint32_t id, byte_string body = {}, uint16_t timeout_ms = 0) {
  return {.type = wire::packet_type::request,
          .cmd = cmd,
          .request_id = id,
          .timeout_ms = timeout_ms,
          .body = std::move(body)};
}
inline owned_packet response_packet(uint8_t cmd, uint32_t id, byte_string body = {}, uint8_t status = 0) {
  return {.type = wire::packet_type::response, .cmd = cmd, .request_id = id, .status = status, .body = std::move(body)};
}
inline owned_packet push_packet(uint8_t cmd, byte_string body = {}) {
  return {.type = wire::packet_type::push, .cmd = cmd, .body = std::move(body)};
}
inline owned_packet close_packet(int32_t code, std::string reason = {}) {
  return push_packet(number(wire::command::close), body_of(wire::close{code, std::move(reason)}));
}

using lines = std::vector<std::string>;

}  // namespace lbwire::session
