#include "client_fixture.h"

namespace lbwire::session {
namespace {

class ClientHeartbeat : public client_test {
 protected:
  static constexpr uint8_t cmd = number(wire::command::heartbeat);
};

TEST_F(ClientHeartbeat, AsksAfterTheIntervalWithoutInboundTraffic) {
  make_ready();
  advance(options.heartbeat.interval - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  const owned_packet asked = only_sent();
  EXPECT_TRUE(asked.is(wire::packet_type::request, wire::command::heartbeat));
  EXPECT_EQ(asked.request_id, 2u);
  EXPECT_EQ(asked.timeout_ms, 10000);
  const auto message = message_in<wire::heartbeat>(asked);
  EXPECT_EQ(message.timestamp, clock.now().unix_ms);
  EXPECT_EQ(message.heartbeat_id, 2);
  EXPECT_EQ(client().counters().heartbeats_sent, 1u);
}

TEST_F(ClientHeartbeat, AsksLateIfTheDriverIsLate) {
  make_ready();
  advance(options.heartbeat.interval + seconds(5));
  EXPECT_TRUE(only_sent().is(wire::packet_type::request, wire::command::heartbeat));
  expect_quiet_until(options.heartbeat.timeout);
}

TEST_F(ClientHeartbeat, SilenceCountsFromReadyThenFromTheLastPacket) {
  make_ready();
  advance(seconds(20));
  receive(push_packet(101));
  advance(options.heartbeat.interval - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ClientHeartbeat, OutboundTrafficDoesNotPutItOff) {
  make_ready();
  advance(seconds(29));
  ask(11, {}, milliseconds(60000));
  sent();
  advance(seconds(1));
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ClientHeartbeat, WithoutAnAnswerInTimeTheConnectionIsDead) {
  make_ready();
  advance(options.heartbeat.interval);
  events.clear();
  expect_quiet_until(options.heartbeat.timeout);
  EXPECT_EQ(events.summary(), (lines{"close 0 local", "state backing_off"}));
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_HEARTBEAT_TIMEOUT);
  EXPECT_EQ(client().connection(), 0u);
}

TEST_F(ClientHeartbeat, AnAnswerJustInTimeKeepsTheConnection) {
  make_ready();
  advance(options.heartbeat.interval);
  advance(options.heartbeat.timeout - one_tick);
  answer_heartbeat();
  advance(seconds(1));
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  EXPECT_EQ(client().counters().heartbeats_answered, 1u);
}

TEST_F(ClientHeartbeat, MeasuresRoundTripsByTheMonotonicClock) {
  make_ready();
  for (const int64_t ms : {100, 180, 70}) {
    advance(options.heartbeat.interval);
    clock.jump_wall(milliseconds(-5'000'000));
    clock.advance(milliseconds(ms));
    answer_heartbeat();
  }
  const auto beats = events.all<heartbeat_event>();
  ASSERT_EQ(beats.size(), 3u);
  EXPECT_EQ(beats[0].origin, LBW_ORIGIN_LOCAL);
  EXPECT_EQ(beats[0].rtt_us, 100'000u);
  EXPECT_EQ(beats[0].rttvar_us, 50'000u);
  EXPECT_EQ(beats[2].request_id, 4u);
  EXPECT_EQ(beats[2].rtt_us, 70'000u);
  EXPECT_EQ(beats[2].rtt_min_us, 70'000u);
  EXPECT_EQ(beats[2].srtt_us, 105'000u);
  EXPECT_EQ(beats[2].rttvar_us, 53'125u);
  EXPECT_EQ(client().rtt().samples(), 3u);
}

TEST_F(ClientHeartbeat, MeasuresByRequestIdWhateverThePeerEchoes) {
  make_ready();
  advance(options.heartbeat.interval);
  const auto asked = only_sent();
  clock.advance(milliseconds(40));
  receive(response_packet(cmd, asked.request_id, text_bytes("not what was sent")));
  EXPECT_EQ(events.only<heartbeat_event>().rtt_us, 40'000u);
}

TEST_F(ClientHeartbeat, RoundTripsStartOverWithEachConnection) {
  make_ready();
  advance(options.heartbeat.interval);
  clock.advance(milliseconds(500));
  answer_heartbeat();
  lose();
  come_back();
  EXPECT_EQ(client().rtt().samples(), 0u);
  advance(options.heartbeat.interval);
  clock.advance(milliseconds(20));
  answer_heartbeat();
  EXPECT_EQ(events.last<heartbeat_event>().rtt_min_us, 20'000u);
}

TEST_F(ClientHeartbeat, CountsAnswersToNothingAskedAndMeasuresNothing) {
  make_ready();
  receive(response_packet(cmd, 77));
  advance(options.heartbeat.interval);
  const auto asked = only_sent();
  receive(response_packet(cmd, asked.request_id));
  receive(response_packet(cmd, asked.request_id));
  EXPECT_EQ(client().counters().responses_unexpected, 2u);
  EXPECT_EQ(events.count<heartbeat_event>(), 1u);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientHeartbeat, AnswersThePeersAtOnceWithTheSameBytes) {
  make_ready();
  const byte_string bodies[] = {{},
                                {0},
                                {0xff, 0xfe, 0x80, 0x00, 0x07},
                                text_bytes("any form"),
                                body_of(wire::heartbeat{1, 2}),
                                byte_string(70000, 0xa5)};
  uint32_t id = 4294967290u;
  for (const byte_string& body : bodies) {
    receive(request_packet(cmd, id, body, 1000));
    const owned_packet answer = only_sent();
    EXPECT_TRUE(answer.is(wire::packet_type::response, wire::command::heartbeat));
    EXPECT_EQ(answer.request_id, id);
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.body, body);
    EXPECT_FALSE(answer.gzip);
    ++id;
  }
  EXPECT_EQ(client().counters().heartbeats_received, std::size(bodies));
  const auto told = events.all<heartbeat_event>();
  ASSERT_EQ(told.size(), std::size(bodies));
  EXPECT_EQ(told[0].origin, LBW_ORIGIN_PEER);
  EXPECT_EQ(told[0].request_id, 4294967290u);
  EXPECT_EQ(told[0].rtt_us, 0u);
}

TEST_F(ClientHeartbeat, ThePeersHeartbeatsShowThatItLives) {
  make_ready();
  for (uint32_t i = 1; i <= 5; ++i) {
    advance(seconds(29));
    receive(request_packet(cmd, i));
  }
  EXPECT_EQ(client().counters().heartbeats_sent, 0u);
}

TEST_F(ClientHeartbeat, OtherTrafficStandsInForAnAnswerUntilItIsSilentAgain) {
  make_ready();
  advance(options.heartbeat.interval);
  const auto first = only_sent();
  advance(options.heartbeat.timeout - one_tick);
  receive(push_packet(101));
  advance(one_tick);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  receive(response_packet(cmd, first.request_id));
  EXPECT_EQ(client().counters().responses_unexpected, 1u) << "too late to be measured";
  advance(options.heartbeat.interval);
  EXPECT_EQ(only_sent().request_id, first.request_id + 1);
  expect_quiet_until(options.heartbeat.timeout);
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
}

TEST_F(ClientHeartbeat, APeerThatSendsAByteASecondIsNotAlive) {
  make_ready();
  const byte_string endless = encoded(push_packet(101, byte_string(10000)));
  size_t at = 0;
  while (client().state() == LBW_STATE_READY && at < endless.size()) {
    receive(byte_string{endless[at++]});
    advance(seconds(1));
  }
  EXPECT_EQ(at, 40u);
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
}

TEST_F(ClientHeartbeat, ALargePacketThatArrivesSlowlyButSteadilyIsASignOfLife) {
  make_ready();
  const byte_string large = encoded(push_packet(101, byte_string(4096 * 10)));
  for (size_t at = 0; at < large.size(); at += 4096) {
    receive({large.begin() + static_cast<std::ptrdiff_t>(at),
             large.begin() + static_cast<std::ptrdiff_t>(std::min(at + 4096, large.size()))});
    advance(seconds(25));
    ASSERT_EQ(client().state(), LBW_STATE_READY) << at;
  }
  EXPECT_EQ(client().counters().heartbeats_sent, 0u);
  EXPECT_EQ(events.count<push_event>(), 1u);
}

TEST_F(ClientHeartbeat, APeerThatTakesWhatWeSendIsAlive) {
  make_ready();
  advance(seconds(29));
  client().drained(clock.at());
  advance(seconds(29));
  EXPECT_TRUE(sent().empty());
}

TEST_F(ClientHeartbeat, SilenceMeansNothingWhileReadingIsPaused) {
  make_ready();
  client().pause_reading();
  advance(std::chrono::hours(1));
  EXPECT_TRUE(sent().empty());
  client().resume_reading(clock.at());
  advance(options.heartbeat.interval);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ClientHeartbeat, AnIntervalOfZeroMeansNone) {
  options.heartbeat.interval = milliseconds(0);
  make_ready();
  advance(seconds(10));  // stable
  EXPECT_EQ(client().deadline(), never);
  receive(request_packet(cmd, 1));
  EXPECT_EQ(only_sent().type, wire::packet_type::response);
}

TEST_F(ClientHeartbeat, NeedsNoHeartbeatBeforeReadyAndNoneAfter) {
  options.auth_timeout = milliseconds(60000);
  connect();
  open();
  advance(seconds(45));
  EXPECT_TRUE(sent().empty());
  admit();
  lose();
  options.reconnect.back_off.max = milliseconds(0);
  EXPECT_EQ(client().counters().heartbeats_sent, 0u);
}

TEST_F(ClientHeartbeat, TheWallClockMovesNoTimer) {
  make_ready();
  for (const milliseconds jump : {milliseconds(86'400'000), milliseconds(-2 * 86'400'000)}) {
    clock.jump_wall(jump);
    tick();
    EXPECT_TRUE(sent().empty());
  }
  advance(options.heartbeat.interval - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  EXPECT_EQ(sent().size(), 1u);
  clock.jump_wall(milliseconds(86'400'000));
  expect_quiet_until(options.heartbeat.timeout);
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
}

TEST_F(ClientHeartbeat, TheTimeoutThatIsToldThePeerFitsItsField) {
  options.heartbeat.timeout = milliseconds(120000);
  make_ready();
  advance(options.heartbeat.interval);
  EXPECT_EQ(only_sent().timeout_ms, wire::max_timeout_ms);
}

TEST_F(ClientHeartbeat, ItsIdAfterTheLastOneIsOneAgain) {
  make_ready();
  client().channel().set_last_request_id(4294967294u);
  advance(options.heartbeat.interval);
  auto asked = only_sent();
  EXPECT_EQ(asked.request_id, 4294967295u);
  EXPECT_EQ(message_in<wire::heartbeat>(asked).heartbeat_id, 2147483647);
  receive(response_packet(cmd, asked.request_id));
  advance(options.heartbeat.interval);
  EXPECT_EQ(only_sent().request_id, 1u);
}

}  // namespace
}  // namespace lbwire::session
