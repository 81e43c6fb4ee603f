#include "server_fixture.h"
#include "wire/gzip.h"

namespace lbwire::session {
namespace {

using ServerRequests = server_test;

TEST_F(ServerRequests, HandsRequestsOutAndSendsTheAnswers) {
  make_ready();
  receive(request_packet(11, 70, text_bytes("what"), 900));
  const auto asked = events.only<request_event>();
  EXPECT_EQ(asked.cmd, 11);
  EXPECT_EQ(asked.request_id, 70u);
  EXPECT_EQ(asked.timeout_ms, 900u);
  EXPECT_EQ(as_text(asked.body), "what");
  EXPECT_EQ(server().respond(70, 3, text_bytes("this")), LBW_OK);
  const auto answer = only_sent();
  EXPECT_EQ(answer.type, wire::packet_type::response);
  EXPECT_EQ(answer.cmd, 11);
  EXPECT_EQ(answer.request_id, 70u);
  EXPECT_EQ(answer.status, 3);
  EXPECT_EQ(as_text(answer.body), "this");
  EXPECT_EQ(server().counters().requests, 1u);
}

TEST_F(ServerRequests, ARequestIsAnsweredOnce) {
  make_ready();
  receive(request_packet(11, 2));
  EXPECT_EQ(server().respond(3, 0, {}), LBW_ERR_NOT_FOUND);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_OK);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_ERR_NOT_FOUND);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ServerRequests, AnIdMayComeAgainOnceItWasAnswered) {
  make_ready();
  for (int round = 0; round < 50; ++round) {
    for (const uint32_t id : {0u, 1u, 4294967295u}) {
      receive(request_packet(11, id));
      ASSERT_TRUE(server().ready()) << id;
      EXPECT_EQ(server().respond(id, 0, {}), LBW_OK);
      EXPECT_EQ(server().respond(id, 0, {}), LBW_ERR_NOT_FOUND);
    }
  }
  EXPECT_EQ(sent().size(), 150u);
}

TEST_F(ServerRequests, AnIdInFlightMayNot) {
  make_ready();
  receive(request_packet(11, 2));
  receive(request_packet(12, 2));
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "request id 2 is in flight already");
}

TEST_F(ServerRequests, WhatTheHostDoesNotAnswerInTimeIsAnsweredServerTimeout) {
  make_ready();
  receive(request_packet(11, 2, {}, 900));
  events.clear();
  advance(milliseconds(900) - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  const auto answer = only_sent();
  EXPECT_EQ(answer.cmd, 11);
  EXPECT_EQ(answer.request_id, 2u);
  EXPECT_EQ(answer.status, number(wire::status_code::server_timeout));
  EXPECT_EQ(message_in<wire::error>(answer).code, 1u);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_ERR_NOT_FOUND);
  EXPECT_TRUE(server().ready());
}

TEST_F(ServerRequests, ATimeoutThatIsNotNamedIsTheConfiguredOne) {
  options.requests.timeout = milliseconds(5000);
  make_ready();
  receive(request_packet(11, 2));
  EXPECT_EQ(events.only<request_event>().timeout_ms, 5000u);
  advance(milliseconds(5000) - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ServerRequests, TooManyInFlightAreAnsweredAtOnceAndTheConnectionGoesOn) {
  options.requests.max_in_flight = 2;
  make_ready();
  for (uint32_t id = 2; id <= 4; ++id) receive(request_packet(11, id));
  const auto refused = only_sent();
  EXPECT_EQ(refused.request_id, 4u);
  EXPECT_EQ(refused.status, number(wire::status_code::server_internal_error));
  EXPECT_EQ(events.count<request_event>(), 2u);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_OK);
  receive(request_packet(11, 5));
  EXPECT_EQ(events.count<request_event>(), 3u);
}

TEST_F(ServerRequests, PushesToAReadyConnectionAlone) {
  EXPECT_EQ(server().push(101, {}), LBW_ERR_NOT_FOUND);
  make_ready();
  EXPECT_EQ(server().push(101, text_bytes("news")), LBW_OK);
  const auto p = only_sent();
  EXPECT_EQ(p.type, wire::packet_type::push);
  EXPECT_EQ(p.cmd, 101);
  EXPECT_EQ(as_text(p.body), "news");
  EXPECT_EQ(server().counters().pushes, 1u);
  server().close(LBW_CLOSE_SERVER_ERROR, "", clock.at());
  EXPECT_EQ(server().push(101, {}), LBW_ERR_NOT_FOUND);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_ERR_NOT_FOUND);
}

TEST_F(ServerRequests, NoBodyOverTheProtocolsLimitIsTaken) {
  make_ready();
  receive(request_packet(11, 2));
  const byte_string too_large(wire::max_body_size + 1);
  EXPECT_EQ(server().push(101, too_large), LBW_ERR_TOO_LARGE);
  EXPECT_EQ(server().respond(2, 0, too_large), LBW_ERR_TOO_LARGE);
  EXPECT_EQ(server().respond(2, 0, {}), LBW_OK);
}

TEST_F(ServerRequests, TheSendQueueIsBoundedAndTellsWhenThereIsRoom) {
  options.limits.max_send_queue_bytes = 1000;
  make_ready();
  receive(request_packet(11, 2));
  events.clear();
  EXPECT_EQ(server().push(101, byte_string(795)), LBW_OK);
  EXPECT_EQ(server().push(101, byte_string(300)), LBW_ERR_QUEUE_FULL);
  EXPECT_EQ(server().respond(2, 0, byte_string(300)), LBW_ERR_QUEUE_FULL);
  EXPECT_EQ(server().counters().pushes, 1u);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 0u);
  server().sent(300);
  EXPECT_TRUE(server().due(clock.at()));
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
  EXPECT_EQ(server().respond(2, 0, byte_string(300)), LBW_OK);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
}

TEST_F(ServerRequests, AWritableEventMeansThatWhatWasRefusedFitsNow) {
  options.limits.max_send_queue_bytes = 1000;
  make_ready();
  ASSERT_EQ(server().push(101, byte_string(395)), LBW_OK);
  ASSERT_EQ(server().push(101, byte_string(900)), LBW_ERR_QUEUE_FULL);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 0u) << "it would be refused again";
  server().sent(400);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
  EXPECT_EQ(server().push(101, byte_string(900)), LBW_OK);
}

TEST_F(ServerRequests, AnswersAndPushesAreCompressedIfAsked) {
  options.requests.compress_from = 50;
  make_ready();
  receive(request_packet(11, 2));
  server().respond(2, 0, byte_string(50, 'a'));
  server().push(101, byte_string(50, 'a'));
  server().push(101, byte_string(49, 'a'));
  const auto packets = sent();
  EXPECT_TRUE(packets[0].gzip);
  EXPECT_TRUE(packets[1].gzip);
  EXPECT_FALSE(packets[2].gzip);
}

// ---- the end of a connection ----

TEST_F(ServerRequests, EveryCloseCodeCanBeSent) {
  for (const int32_t code : {0, 1, 2, 3, 4, 5, 6, 99, 255}) {
    restart();
    make_ready();
    server().close(code, "because", clock.at());
    EXPECT_TRUE(server().due(clock.at()));
    tick();
    expect_closed(code, "because");
  }
}

TEST_F(ServerRequests, AfterCloseItLingersThenIsOver) {
  make_ready();
  receive(request_packet(11, 2));
  server().close(LBW_CLOSE_SERVER_SHUTDOWN, "", clock.at());
  tick();
  sent();
  EXPECT_FALSE(server().over());
  expect_quiet_until(options.linger);
  EXPECT_TRUE(server().over());
  EXPECT_EQ(server().deadline(), never);
  EXPECT_EQ(events.count<close_event>(), 1u);
}

TEST_F(ServerRequests, ClosesOnce) {
  make_ready();
  server().close(LBW_CLOSE_SERVER_SHUTDOWN, "first", clock.at());
  server().close(LBW_CLOSE_SERVER_ERROR, "second", clock.at());
  server().disconnected("gone");
  tick();
  EXPECT_EQ(events.only<close_event>().reason, "first");
  EXPECT_EQ(sent().size(), 1u);
  EXPECT_TRUE(server().over());
}

TEST_F(ServerRequests, NothingIsReadBehindAClose) {
  make_ready();
  receive(encoded(request_packet(11, 2)) + encoded(push_packet(101)) + encoded(request_packet(12, 3)));
  EXPECT_EQ(events.summary(), (lines{"request 11", "close 3 local"}));
  receive(request_packet(11, 4));
  EXPECT_EQ(events.summary().size(), 2u);
}

TEST_F(ServerRequests, ALostConnectionIsToldOnceAndEndsItsRequests) {
  make_ready();
  receive(request_packet(11, 2, {}, 100));
  events.clear();
  server().disconnected("reset by peer");
  EXPECT_TRUE(server().due(clock.at()));
  tick();
  const auto closed = events.only<close_event>();
  EXPECT_EQ(closed.code, LBW_CLOSE_CONNECTION_LOST);
  EXPECT_EQ(closed.origin, LBW_ORIGIN_PEER);
  EXPECT_EQ(closed.reason, "reset by peer");
  EXPECT_TRUE(server().over());
  EXPECT_EQ(server().respond(2, 0, {}), LBW_ERR_NOT_FOUND);
  EXPECT_EQ(server().deadline(), never);
  server().disconnected("again");
  advance(seconds(100));
  EXPECT_EQ(events.count<close_event>(), 1u);
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace lbwire::session
