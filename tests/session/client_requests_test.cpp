#include <map>

#include "client_fixture.h"

namespace lbwire::session {
namespace {

class ClientRequests : public client_test {
 protected:
  static constexpr lbw_status ok = LBW_OK, timeout = LBW_ERR_TIMEOUT, cancelled = LBW_ERR_CANCELLED,
                              disconnected = LBW_ERR_DISCONNECTED;

  void wait_when_not_ready() { options.requests.wait_when_not_ready = true; }

  // How each request ended; fails if one ended twice.
  std::map<uint64_t, lbw_status> ends() const {
    std::map<uint64_t, lbw_status> out;
    for (const auto& e : events.all<response_event>())
      EXPECT_TRUE(out.emplace(e.request, e.result).second) << "ended twice: " << e.request;
    return out;
  }
};

TEST_F(ClientRequests, LeavesAtOnceWithAnIdOfItsOwn) {
  make_ready();
  const uint64_t ticket = ask(11, text_bytes("what"), milliseconds(1234));
  const owned_packet p = only_sent();
  EXPECT_EQ(p.type, wire::packet_type::request);
  EXPECT_EQ(p.cmd, 11);
  EXPECT_EQ(p.request_id, 2u);
  EXPECT_EQ(p.timeout_ms, 1234);
  EXPECT_EQ(as_text(p.body), "what");
  EXPECT_EQ(client().requests_in_flight(), 1u);
  EXPECT_LT(ticket, uint64_t{1} << 53);
}

TEST_F(ClientRequests, EndsWithItsAnswer) {
  make_ready();
  uint64_t ticket = 0;
  int host = 0;
  const completion done{[](lbw_client, const lbw_response_event*, void*) {}, &host};
  ASSERT_EQ(client().request(11, {}, milliseconds(5000), done, clock.at(), ticket), LBW_OK);
  receive(response_packet(11, only_sent().request_id, text_bytes("this")));
  const auto end = events.only<response_event>();
  EXPECT_EQ(end.request, ticket);
  EXPECT_EQ(end.result, LBW_OK);
  EXPECT_EQ(end.cmd, 11);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(as_text(end.body), "this");
  EXPECT_EQ(end.error_code, 0u);
  EXPECT_EQ(end.error_msg, "");
  EXPECT_EQ(end.done.on_response, done.on_response);
  EXPECT_EQ(end.done.user, &host);
  EXPECT_EQ(client().requests_in_flight(), 0u);
  EXPECT_EQ(client().counters().responses, 1u);
}

TEST_F(ClientRequests, AnswersComeInAnyOrder) {
  make_ready();
  std::vector<uint64_t> tickets;
  for (int i = 0; i < 10; ++i) tickets.push_back(ask());
  const auto asked = sent();
  for (size_t i = asked.size(); i-- > 0;) receive(response_packet(11, asked[i].request_id, {static_cast<uint8_t>(i)}));
  const auto answered = events.all<response_event>();
  ASSERT_EQ(answered.size(), tickets.size());
  for (size_t i = 0; i < answered.size(); ++i) {
    EXPECT_EQ(answered[i].request, tickets[tickets.size() - 1 - i]);
    EXPECT_EQ(answered[i].body[0], tickets.size() - 1 - i);
  }
}

TEST_F(ClientRequests, AnErrorStatusCarriesItsMessage) {
  for (const auto codec : {wire::body_codec::protobuf, wire::body_codec::json}) {
    client_session session(
        [&] {
          auto o = std::make_shared<client_options>();
          o->handshake.codec = codec;
          return o;
        }(),
        random);
    session.set_token("t");
    session.connect();
    event_batch batch;
    session.tick(clock.now(), batch);
    session.connected(session.connection(), clock.now());
    uint64_t ticket = 0;
    const byte_string in =
        encoded(response_packet(2, 1, body_of(wire::auth_response{"s", clock.now().unix_ms + 1, 0, 0}, codec)));
    session.feed(in);
    session.receive(clock.now(), batch);
    ASSERT_EQ(session.request(11, {}, milliseconds(100), {}, clock.at(), ticket), LBW_OK);
    const byte_string body = body_of(wire::error{301606, "too many"}, codec);
    const byte_string answer = encoded(response_packet(11, 2, body, 7));
    session.feed(answer);
    session.receive(clock.now(), batch);
    events.clear();
    events.take(batch);
    const auto end = events.only<response_event>();
    EXPECT_EQ(end.result, LBW_OK);
    EXPECT_EQ(end.status, 7);
    EXPECT_EQ(end.error_code, 301606u);
    EXPECT_EQ(end.error_msg, "too many");
    EXPECT_EQ(byte_string(end.body.begin(), end.body.end()), body);
  }
}

TEST_F(ClientRequests, AnErrorStatusWithABodyThatIsNoErrorStillEndsIt) {
  make_ready();
  ask();
  receive(response_packet(11, only_sent().request_id, {0xff, 0xff}, 3));
  const auto end = events.only<response_event>();
  EXPECT_EQ(end.result, LBW_OK);
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.error_msg, "");
  EXPECT_EQ(end.body.size(), 2u);
}

TEST_F(ClientRequests, TimesOutAtItsDeadlineAndNotBefore) {
  make_ready();
  const uint64_t ticket = ask(11, {}, milliseconds(700));
  events.clear();
  expect_quiet_until(milliseconds(700));
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{ticket, timeout}}));
  EXPECT_EQ(events.only<response_event>().cmd, 11);
  EXPECT_EQ(client().counters().requests_timed_out, 1u);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientRequests, AnAnswerOneTickBeforeTheDeadlineCounts) {
  make_ready();
  ask(11, {}, milliseconds(700));
  const auto asked = only_sent();
  advance(milliseconds(700) - one_tick);
  receive(response_packet(11, asked.request_id));
  advance(one_tick);
  EXPECT_EQ(events.only<response_event>().result, ok);
}

TEST_F(ClientRequests, AnAnswerThatComesTooLateIsCountedAndNoMore) {
  make_ready();
  ask(11, {}, milliseconds(700));
  const auto asked = only_sent();
  advance(milliseconds(700));
  receive(response_packet(11, asked.request_id));
  EXPECT_EQ(events.count<response_event>(), 1u);
  EXPECT_EQ(client().counters().responses_unexpected, 1u);
}

TEST_F(ClientRequests, TimesOutInTheOrderOfDeadlines) {
  make_ready();
  const uint64_t slow = ask(11, {}, milliseconds(900)), quick = ask(11, {}, milliseconds(100));
  advance(seconds(2));
  const auto all = events.all<response_event>();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].request, quick);
  EXPECT_EQ(all[1].request, slow);
}

TEST_F(ClientRequests, WallClockJumpsEndNoRequest) {
  make_ready();
  ask(11, {}, milliseconds(700));
  events.clear();
  clock.jump_wall(an_hour);
  tick();
  clock.jump_wall(-9 * an_hour);
  expect_quiet_until(milliseconds(700));
  EXPECT_EQ(events.only<response_event>().result, timeout);
}

TEST_F(ClientRequests, CancelEndsARequestOnce) {
  make_ready();
  const uint64_t ticket = ask();
  EXPECT_EQ(client().cancel(ticket), LBW_OK);
  EXPECT_TRUE(client().due(clock.at()));
  EXPECT_LE(client().deadline(), clock.at());
  EXPECT_EQ(client().cancel(ticket), LBW_ERR_NOT_FOUND);
  tick();
  receive(response_packet(11, only_sent().request_id));
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{ticket, cancelled}}));
  EXPECT_EQ(client().counters().requests_cancelled, 1u);
}

TEST_F(ClientRequests, NoEndedRequestCanBeCancelled) {
  make_ready();
  const uint64_t answered = ask();
  receive(response_packet(11, only_sent().request_id));
  const uint64_t late = ask(11, {}, milliseconds(1));
  advance(milliseconds(1));
  const uint64_t lost = ask();
  lose();
  for (const uint64_t ticket : {answered, late, lost, uint64_t{0}, uint64_t{12345}})
    EXPECT_EQ(client().cancel(ticket), LBW_ERR_NOT_FOUND);
}

TEST_F(ClientRequests, ALostConnectionEndsAllThatWereSentInTheirOrder) {
  make_ready();
  std::vector<uint64_t> tickets;
  for (int i = 0; i < 20; ++i) tickets.push_back(ask(11, {}, milliseconds(60000 - 100 * i)));
  client().cancel(tickets[3]);
  tickets.push_back(ask());  // takes the place of the cancelled one in the table
  tickets.erase(tickets.begin() + 3);
  tick();
  events.clear();
  lose();
  const auto lost = events.all<response_event>();
  ASSERT_EQ(lost.size(), tickets.size());
  for (size_t i = 0; i < lost.size(); ++i) {
    EXPECT_EQ(lost[i].request, tickets[i]);
    EXPECT_EQ(lost[i].result, disconnected);
  }
  EXPECT_EQ(client().counters().requests_lost, tickets.size());
  EXPECT_EQ(events.only<close_event>().requests_lost, tickets.size());
}

TEST_F(ClientRequests, AnAnswerOfTheConnectionBeforeAnswersNothing) {
  make_ready();
  ask();
  const auto old = only_sent();
  lose();
  come_back();
  const uint64_t ticket = ask();
  EXPECT_EQ(only_sent().request_id, old.request_id) << "ids start over with each connection";
  receive(response_packet(11, old.request_id, text_bytes("of this connection")));
  EXPECT_EQ(ends()[ticket], ok);
}

TEST_F(ClientRequests, FailAtOnceWhileNotReadyByDefault) {
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
  connect();
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
  open();
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
  admit();
  EXPECT_EQ(try_ask(), LBW_OK);
  lose();
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
  client().disconnect();
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
  EXPECT_EQ(client().counters().requests, 1u);
}

TEST_F(ClientRequests, WaitForASessionIfConfigSaysSoAndLeaveInOrder) {
  wait_when_not_ready();
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY) << "idle: nothing to wait for";
  connect();
  const uint64_t first = ask(21, text_bytes("a"), milliseconds(60000));
  open();
  const uint64_t second = ask(22, text_bytes("b"), milliseconds(60000));
  EXPECT_TRUE(sent().empty());
  admit();
  const auto left = sent();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].cmd, 21);
  EXPECT_EQ(as_text(left[0].body), "a");
  EXPECT_EQ(left[1].cmd, 22);
  EXPECT_EQ(left[0].timeout_ms, 60000);
  receive(response_packet(22, left[1].request_id));
  receive(response_packet(21, left[0].request_id));
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{first, ok}, {second, ok}}));
}

TEST_F(ClientRequests, WhileWaitingTimeRunsAndCancelWorks) {
  wait_when_not_ready();
  connect();
  const uint64_t late = ask(11, {}, milliseconds(500)), unwanted = ask(), served = ask(12, {}, milliseconds(60000));
  client().cancel(unwanted);
  events.clear();
  expect_quiet_until(milliseconds(500));
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{unwanted, cancelled}, {late, timeout}}));
  open();
  admit();
  EXPECT_EQ(only_sent().cmd, 12);
  EXPECT_EQ(client().cancel(served), LBW_OK);
}

TEST_F(ClientRequests, WaitingOnesOutliveAConnectionThatEnds) {
  wait_when_not_ready();
  make_ready();
  const uint64_t sent_one = ask();
  lose();
  const uint64_t waiting = ask(12, {}, milliseconds(60000));
  next_attempt();
  lose();
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{sent_one, disconnected}}));
  EXPECT_EQ(events.last<close_event>().requests_lost, 0u) << "it was not in flight";
  come_back();
  const auto left = only_sent();
  receive(response_packet(12, left.request_id));
  EXPECT_EQ(ends()[waiting], ok);
}

TEST_F(ClientRequests, WaitingOnesEndWhenTheClientGivesUp) {
  wait_when_not_ready();
  make_ready();
  lose();
  const uint64_t waiting = ask();
  next_attempt();
  receive(close_packet(LBW_CLOSE_CONNECT_DUPLICATE));
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{waiting, disconnected}}));
  EXPECT_EQ(try_ask(), LBW_ERR_NOT_READY);
}

TEST_F(ClientRequests, DisconnectEndsWaitingAndSentOnesAsCancelled) {
  wait_when_not_ready();
  connect();
  const uint64_t waiting = ask(11, {}, milliseconds(60000));
  client().disconnect();
  tick();
  EXPECT_EQ(ends(), (std::map<uint64_t, lbw_status>{{waiting, cancelled}}));
  make_ready();
  const uint64_t sent_one = ask();
  client().disconnect();
  tick();
  EXPECT_EQ(ends()[sent_one], cancelled);
  EXPECT_EQ(client().counters().requests_cancelled, 2u);
  EXPECT_EQ(client().counters().requests_lost, 0u);
  EXPECT_EQ(client().requests_in_flight(), 0u);
}

TEST_F(ClientRequests, IdsStartOverAtOneAndSkipThoseInFlight) {
  make_ready();
  ask();  // id 2
  ask();  // id 3
  sent();
  client().channel().set_last_request_id(4294967293u);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 5; ++i) {
    ask();
    ids.push_back(only_sent().request_id);
  }
  EXPECT_EQ(ids, (std::vector<uint32_t>{4294967294u, 4294967295u, 1, 4, 5}));
}

TEST_F(ClientRequests, IdsSkipTheHeartbeatUnderWay) {
  make_ready();
  client().channel().set_last_request_id(4294967294u);
  advance(options.heartbeat.interval);
  EXPECT_EQ(only_sent().request_id, 4294967295u);
  client().channel().set_last_request_id(4294967294u);
  ask();
  EXPECT_EQ(only_sent().request_id, 1u);
  client().channel().set_last_request_id(4294967294u);
  ask();
  EXPECT_EQ(only_sent().request_id, 2u);
}

TEST_F(ClientRequests, AHeartbeatSkipsIdsOfRequests) {
  make_ready();
  advance(seconds(20));
  for (int i = 0; i < 3; ++i) ask(11, {}, milliseconds(60000));  // 2, 3, 4
  sent();
  client().channel().set_last_request_id(1);
  advance(seconds(10));
  EXPECT_EQ(only_sent().request_id, 5u);
}

// The bytes that were fed, and the batch, are all that the views need.
TEST_F(ClientRequests, WhatEventsPointToStaysUntilTheBatchIsCleared) {
  make_ready();
  ask();
  const auto asked = only_sent();
  const byte_string in = encoded(push_packet(101, text_bytes("first"))) +
                         encoded(response_packet(11, asked.request_id,
                                                 body_of(wire::error{5,
                                                                     "an error text that is "
                                                                     "kept by the batch"}),
                                                 3)) +
                         encoded(push_packet(102, text_bytes("second"))) + encoded(close_packet(1, "the reason"));
  event_batch batch;
  client().feed(in);
  while (client().receive(clock.now(), batch)) {
  }
  client().disconnect();
  client().connect();
  client().tick(clock.now(), batch);
  events.clear();
  events.take(batch);
  EXPECT_EQ(as_text(events.all<push_event>()[0].body), "first");
  EXPECT_EQ(as_text(events.all<push_event>()[1].body), "second");
  EXPECT_EQ(events.only<response_event>().error_msg, "an error text that is kept by the batch");
  EXPECT_EQ(events.only<close_event>().reason, "the reason");
}

TEST_F(ClientRequests, CountsEveryEndOnce) {
  make_ready();
  ask();
  receive(response_packet(11, only_sent().request_id));
  client().cancel(ask());
  ask(11, {}, milliseconds(1));
  advance(milliseconds(1));
  ask();
  lose();
  const client_counters& c = client().counters();
  EXPECT_EQ(c.requests, 4u);
  EXPECT_EQ(c.responses, 1u);
  EXPECT_EQ(c.requests_cancelled, 1u);
  EXPECT_EQ(c.requests_timed_out, 1u);
  EXPECT_EQ(c.requests_lost, 1u);
  EXPECT_EQ(ends().size(), 4u);
}

}  // namespace
}  // namespace lbwire::session
