#include "server_fixture.h"

namespace lbwire::session {
namespace {

class ServerHeartbeat : public server_test {
 protected:
  static constexpr uint8_t cmd = number(wire::command::heartbeat);
};

TEST_F(ServerHeartbeat, AsksAfterTheIntervalWithoutInboundTraffic) {
  make_ready();
  advance(options.heartbeat.interval - one_tick);
  EXPECT_TRUE(sent().empty());
  advance(one_tick);
  const auto asked = only_sent();
  EXPECT_TRUE(asked.is(wire::packet_type::request, wire::command::heartbeat));
  EXPECT_EQ(asked.request_id, 1u);
  EXPECT_EQ(asked.timeout_ms, 10000);
  EXPECT_EQ(message_in<wire::heartbeat>(asked), (wire::heartbeat{clock.now().unix_ms, 1}));
}

TEST_F(ServerHeartbeat, DropsTheSilent) {
  make_ready();
  advance(options.heartbeat.interval);
  sent();
  expect_quiet_until(options.heartbeat.timeout);
  expect_closed(LBW_CLOSE_HEARTBEAT_TIMEOUT, "no answer to a heartbeat within 10000 ms");
}

TEST_F(ServerHeartbeat, AnAnswerJustInTimeKeepsTheConnectionAndIsMeasured) {
  make_ready();
  advance(options.heartbeat.interval);
  const auto asked = only_sent();
  clock.jump_wall(-10 * an_hour);
  advance(options.heartbeat.timeout - one_tick);
  receive(response_packet(cmd, asked.request_id, asked.body));
  advance(one_tick);
  EXPECT_TRUE(server().ready());
  const auto beat = events.only<heartbeat_event>();
  EXPECT_EQ(beat.origin, LBW_ORIGIN_LOCAL);
  EXPECT_EQ(beat.request_id, 1u);
  EXPECT_EQ(beat.rtt_us, 9'999'999u);
  EXPECT_EQ(beat.srtt_us, 9'999'999u);
  EXPECT_EQ(server().rtt().samples(), 1u);
}

TEST_F(ServerHeartbeat, AnswersThePeersAtOnceWithTheSameBytes) {
  make_ready();
  uint32_t id = 0;
  for (const byte_string& body :
       {byte_string{}, byte_string{0xff, 0x00, 0xfe}, text_bytes("any form"), byte_string(70000, 0x5a)}) {
    receive(request_packet(cmd, id, body, 60000));
    const auto answer = only_sent();
    EXPECT_TRUE(answer.is(wire::packet_type::response, wire::command::heartbeat));
    EXPECT_EQ(answer.request_id, id++);
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.body, body);
  }
  EXPECT_EQ(events.count<heartbeat_event>(), 4u);
  EXPECT_EQ(events.last<heartbeat_event>().origin, LBW_ORIGIN_PEER);
}

TEST_F(ServerHeartbeat, InboundTrafficPutsItOff) {
  make_ready();
  for (uint32_t i = 1; i <= 4; ++i) {
    advance(seconds(29));
    receive(request_packet(cmd, i));
    sent();
  }
  advance(options.heartbeat.interval);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ServerHeartbeat, APeerThatSendsAByteASecondIsNotAlive) {
  make_ready();
  const byte_string endless = encoded(request_packet(11, 2, byte_string(10000)));
  size_t at = 0;
  while (server().ready()) {
    receive(byte_string{endless.at(at++)});
    advance(seconds(1));
  }
  EXPECT_EQ(at, 40u);
  expect_closed(LBW_CLOSE_HEARTBEAT_TIMEOUT);
}

TEST_F(ServerHeartbeat, APeerThatTakesWhatWeSendIsAlive) {
  make_ready();
  advance(seconds(29));
  server().drained(clock.at());
  advance(seconds(29));
  EXPECT_TRUE(sent().empty());
}

TEST_F(ServerHeartbeat, SilenceMeansNothingWhileReadingIsPaused) {
  make_ready();
  server().pause_reading();
  advance(seconds(300));
  EXPECT_TRUE(sent().empty());
  server().resume_reading(clock.at());
  advance(options.heartbeat.interval);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ServerHeartbeat, AnAnswerToNothingAskedIsAnUnpackError) {
  make_ready();
  receive(response_packet(cmd, 1));
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "answers nothing that was asked");
}

TEST_F(ServerHeartbeat, AnAnswerThatIsNotWaitedForAnyMoreIsIgnored) {
  make_ready();
  advance(options.heartbeat.interval);
  const auto asked = only_sent();
  receive(response_packet(cmd, asked.request_id));
  receive(response_packet(cmd, asked.request_id));
  EXPECT_TRUE(server().ready());
  EXPECT_EQ(events.count<heartbeat_event>(), 1u);
  EXPECT_EQ(server().rtt().samples(), 1u);
}

TEST_F(ServerHeartbeat, OtherTrafficStandsInForAnAnswerUntilItIsSilentAgain) {
  make_ready();
  advance(options.heartbeat.interval);
  const auto first = only_sent();
  advance(options.heartbeat.timeout - one_tick);
  receive(request_packet(11, 2));
  advance(one_tick);
  receive(response_packet(cmd, first.request_id));
  EXPECT_TRUE(server().ready()) << "an answer that was stuck behind other packets";
  EXPECT_EQ(events.count<heartbeat_event>(), 0u);
  advance(options.heartbeat.interval);
  EXPECT_EQ(only_sent().request_id, first.request_id + 1);
  advance(options.heartbeat.timeout);
  expect_closed(LBW_CLOSE_HEARTBEAT_TIMEOUT);
}

TEST_F(ServerHeartbeat, ItsIdAfterTheLastOneIsOneAgain) {
  make_ready();
  server().channel().set_last_request_id(4294967294u);
  for (const uint32_t id : {4294967295u, 1u, 2u}) {
    advance(options.heartbeat.interval);
    const auto asked = only_sent();
    EXPECT_EQ(asked.request_id, id);
    receive(response_packet(cmd, id));
  }
}

TEST_F(ServerHeartbeat, AsksNothingBeforeReadyAndNothingAfterClose) {
  options.heartbeat = {milliseconds(100), milliseconds(100)};
  shake_hands();
  advance(seconds(1));
  EXPECT_TRUE(sent().empty());
  receive(auth_packet());
  advance(seconds(1));
  EXPECT_TRUE(sent().empty());
  accept();
  server().close(LBW_CLOSE_SERVER_SHUTDOWN, "", clock.at());
  sent();
  advance(milliseconds(500));
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace lbwire::session
