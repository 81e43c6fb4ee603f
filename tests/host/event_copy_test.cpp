// That the queue keeps no pointer of the producer's, for each type of event.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "host/event_queue.h"
#include "lbwire/lbwire.h"

namespace lbwire::host {
namespace {

// Text that is overwritten once the event was pushed.
class borrowed {
 public:
  explicit borrowed(std::string text) : text_(std::move(text)) {}
  const char* data() const { return text_.data(); }
  uint32_t size() const { return static_cast<uint32_t>(text_.size()); }
  void spoil() { text_.assign(text_.size(), '#'); }

 private:
  std::string text_;
};

class EventCopy : public ::testing::Test {
 protected:
  const lbw_event& through_queue(const lbw_event& event) {
    queue_.push(event);
    for (borrowed* text : {&first_, &second_, &third_}) text->spoil();
    const lbw_event* out = nullptr;
    EXPECT_EQ(queue_.poll(&out, 0), LBW_OK);
    return *out;
  }

  static void expect_text(const void* data, uint32_t length, std::string_view expected) {
    auto* text = static_cast<const char*>(data);
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(std::string_view(text, length), expected);
    EXPECT_EQ(text[length], '\0');
  }

  borrowed first_{"first text"};
  borrowed second_{std::string("second\0 with a NUL", 18)};
  borrowed third_{"the third"};
  const std::string second_text_{std::string("second\0 with a NUL", 18)};
  event_queue queue_{1 << 20, overflow_policy::block};
};

TEST_F(EventCopy, State) {
  lbw_event in{};
  in.state = {1,   LBW_EVENT_STATE, LBW_STATE_BACKING_OFF, LBW_STATE_CONNECTING, LBW_CAUSE_CONNECT_FAILED, 3,
              250, first_.size(),   first_.data()};
  const lbw_state_event& out = through_queue(in).state;
  EXPECT_EQ(out.size, sizeof(lbw_state_event));
  EXPECT_EQ(out.type, uint32_t{LBW_EVENT_STATE});
  EXPECT_EQ(out.state, LBW_STATE_BACKING_OFF);
  EXPECT_EQ(out.previous, LBW_STATE_CONNECTING);
  EXPECT_EQ(out.cause, LBW_CAUSE_CONNECT_FAILED);
  EXPECT_EQ(out.attempt, 3u);
  EXPECT_EQ(out.delay_ms, 250u);
  expect_text(out.detail, out.detail_len, "first text");
}

TEST_F(EventCopy, Session) {
  lbw_event in{};
  in.session = {0,
                LBW_EVENT_SESSION,
                9,
                LBW_SESSION_RECONNECT,
                2,
                1'700'000'000'123,
                10,
                4,
                first_.size(),
                second_.size(),
                first_.data(),
                second_.data()};
  const lbw_session_event& out = through_queue(in).session;
  EXPECT_EQ(out.size, sizeof(lbw_session_event));
  EXPECT_EQ(out.connection, 9u);
  EXPECT_EQ(out.kind, LBW_SESSION_RECONNECT);
  EXPECT_EQ(out.requests_lost, 2u);
  EXPECT_EQ(out.expires_ms, 1'700'000'000'123);
  EXPECT_EQ(out.limit, 10u);
  EXPECT_EQ(out.online, 4u);
  expect_text(out.session_id, out.session_id_len, "first text");
  expect_text(out.peer, out.peer_len, second_text_);
}

TEST_F(EventCopy, Close) {
  lbw_event in{};
  in.close = {0,
              LBW_EVENT_CLOSE,
              8,
              LBW_CLOSE_SERVER_ERROR,
              LBW_ORIGIN_PEER,
              1,
              5,
              first_.size(),
              second_.size(),
              first_.data(),
              second_.data()};
  const lbw_close_event& out = through_queue(in).close;
  EXPECT_EQ(out.size, sizeof(lbw_close_event));
  EXPECT_EQ(out.connection, 8u);
  EXPECT_EQ(out.code, LBW_CLOSE_SERVER_ERROR);
  EXPECT_EQ(out.origin, LBW_ORIGIN_PEER);
  EXPECT_EQ(out.will_reconnect, 1);
  EXPECT_EQ(out.requests_lost, 5u);
  expect_text(out.name, out.name_len, "first text");
  expect_text(out.reason, out.reason_len, second_text_);
}

TEST_F(EventCopy, Heartbeat) {
  lbw_event in{};
  in.heartbeat = {0, LBW_EVENT_HEARTBEAT, 7, LBW_ORIGIN_LOCAL, 33, 900, 800, 850, 25};
  const lbw_heartbeat_event& out = through_queue(in).heartbeat;
  EXPECT_EQ(out.size, sizeof(lbw_heartbeat_event));
  EXPECT_EQ(out.connection, 7u);
  EXPECT_EQ(out.request_id, 33u);
  EXPECT_EQ(out.rtt_us, 900u);
  EXPECT_EQ(out.rtt_min_us, 800u);
  EXPECT_EQ(out.srtt_us, 850u);
  EXPECT_EQ(out.rttvar_us, 25u);
}

TEST_F(EventCopy, Push) {
  lbw_event in{};
  in.push = {0, LBW_EVENT_PUSH, 101, {}, second_.size(), second_.data()};
  const lbw_push_event& out = through_queue(in).push;
  EXPECT_EQ(out.size, sizeof(lbw_push_event));
  EXPECT_EQ(out.cmd, 101);
  expect_text(out.body, out.body_len, second_text_);
}

TEST_F(EventCopy, Response) {
  int user = 0;
  lbw_event in{};
  in.response = {0,
                 LBW_EVENT_RESPONSE,
                 77,
                 LBW_OK,
                 12,
                 LBW_RESPONSE_BAD_REQUEST,
                 {},
                 first_.size(),
                 second_.size(),
                 first_.data(),
                 301600,
                 second_.data(),
                 &user};
  const lbw_response_event& out = through_queue(in).response;
  EXPECT_EQ(out.size, sizeof(lbw_response_event));
  EXPECT_EQ(out.request, 77u);
  EXPECT_EQ(out.result, LBW_OK);
  EXPECT_EQ(out.cmd, 12);
  EXPECT_EQ(out.response_status, LBW_RESPONSE_BAD_REQUEST);
  EXPECT_EQ(out.error_code, 301600u);
  EXPECT_EQ(out.user, &user);
  expect_text(out.body, out.body_len, "first text");
  expect_text(out.error_msg, out.error_msg_len, second_text_);
}

TEST_F(EventCopy, Token) {
  lbw_event in{};
  in.token = {0, LBW_EVENT_TOKEN, LBW_CAUSE_SESSION_EXPIRED, 0};
  const lbw_token_event& out = through_queue(in).token;
  EXPECT_EQ(out.size, sizeof(lbw_token_event));
  EXPECT_EQ(out.cause, LBW_CAUSE_SESSION_EXPIRED);
}

TEST_F(EventCopy, Log) {
  lbw_event in{};
  in.log = {0, LBW_EVENT_LOG, LBW_LOG_WARN, first_.size(), first_.data()};
  const lbw_log_event& out = through_queue(in).log;
  EXPECT_EQ(out.size, sizeof(lbw_log_event));
  EXPECT_EQ(out.level, LBW_LOG_WARN);
  expect_text(out.message, out.message_len, "first text");
}

TEST_F(EventCopy, Dropped) {
  lbw_event in{};
  in.dropped = {0, LBW_EVENT_DROPPED, 12};
  const lbw_dropped_event& out = through_queue(in).dropped;
  EXPECT_EQ(out.size, sizeof(lbw_dropped_event));
  EXPECT_EQ(out.count, 12u);
}

TEST_F(EventCopy, Writable) {
  lbw_event in{};
  in.writable = {0, LBW_EVENT_WRITABLE, 6};
  const lbw_writable_event& out = through_queue(in).writable;
  EXPECT_EQ(out.size, sizeof(lbw_writable_event));
  EXPECT_EQ(out.connection, 6u);
}

TEST_F(EventCopy, Auth) {
  lbw_event in{};
  in.auth = {0,
             LBW_EVENT_AUTH,
             5,
             first_.size(),
             second_.size(),
             third_.size(),
             0,
             first_.data(),
             second_.data(),
             third_.data()};
  const lbw_auth_event& out = through_queue(in).auth;
  EXPECT_EQ(out.size, sizeof(lbw_auth_event));
  EXPECT_EQ(out.connection, 5u);
  expect_text(out.token, out.token_len, "first text");
  expect_text(out.metadata, out.metadata_len, second_text_);
  expect_text(out.peer, out.peer_len, "the third");
}

TEST_F(EventCopy, Request) {
  lbw_event in{};
  in.request = {0, LBW_EVENT_REQUEST, 4, 55, 1000, 20, {}, second_.size(), second_.data()};
  const lbw_request_event& out = through_queue(in).request;
  EXPECT_EQ(out.size, sizeof(lbw_request_event));
  EXPECT_EQ(out.connection, 4u);
  EXPECT_EQ(out.request_id, 55u);
  EXPECT_EQ(out.timeout_ms, 1000u);
  EXPECT_EQ(out.cmd, 20);
  expect_text(out.body, out.body_len, second_text_);
}

TEST_F(EventCopy, Stopped) {
  lbw_event in{};
  in.stopped = {0, LBW_EVENT_STOPPED};
  const lbw_stopped_event& out = through_queue(in).stopped;
  EXPECT_EQ(out.size, sizeof(lbw_stopped_event));
  EXPECT_EQ(out.type, uint32_t{LBW_EVENT_STOPPED});
}

TEST_F(EventCopy, AbsentTextsBecomeEmptyOnes) {
  lbw_event in{};
  in.response = {0, LBW_EVENT_RESPONSE, 1, LBW_ERR_TIMEOUT, 12, 0, {}, 0, 0, nullptr, 0, nullptr, nullptr};
  const lbw_response_event& out = through_queue(in).response;
  expect_text(out.body, out.body_len, "");
  expect_text(out.error_msg, out.error_msg_len, "");
}

TEST_F(EventCopy, LargeBodiesArriveWhole) {
  std::string body(5'000'000, 'a');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31);
  lbw_event in{};
  in.push = {0, LBW_EVENT_PUSH, 101, {}, static_cast<uint32_t>(body.size()), body.data()};
  const lbw_push_event& out = through_queue(in).push;
  expect_text(out.body, out.body_len, body);
}

// A caller may have no more than the struct of its type at hand.
TEST_F(EventCopy, ReadsNoMoreThanTheStructOfItsType) {
  auto small = std::make_unique<lbw_stopped_event>(lbw_stopped_event{0, LBW_EVENT_STOPPED});
  const lbw_event& out = through_queue(*static_cast<const lbw_event*>(static_cast<const void*>(small.get())));
  EXPECT_EQ(out.stopped.type, uint32_t{LBW_EVENT_STOPPED});
}

}  // namespace
}  // namespace lbwire::host
