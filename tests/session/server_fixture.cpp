#include "server_fixture.h"

#include "wire/control.h"

namespace lbwire::session {

void server_test::tick() {
  event_batch batch;
  server().tick(clock.now(), batch);
  events.take(batch);
}

void server_test::advance(duration d) {
  clock.advance(d);
  tick();
}

void server_test::expect_quiet_until(duration after) {
  tick();
  const auto before = events.summary();
  const size_t output = server().output().size();
  EXPECT_EQ(server().deadline(), clock.at() + after);
  advance(after - one_tick);
  EXPECT_EQ(events.summary(), before);
  EXPECT_EQ(server().output().size(), output);
  EXPECT_FALSE(server().due(clock.at()));
  clock.advance(one_tick);
  EXPECT_TRUE(server().due(clock.at()));
  tick();
}

// The bytes lie in a block of their own, which goes once the events were taken. What the session does not take is
// dropped: these tests do not send behind a question.
void server_test::receive(const byte_string& raw) {
  auto block = std::make_unique<byte_string>(raw);
  server().feed(*block);
  for (bool more = true; more;) {
    event_batch batch;
    more = server().receive(clock.now(), batch);
    events.take(batch);
  }
  server().take_back();
  server().release();
}

std::vector<owned_packet> server_test::sent() {
  auto packets = decoded(server().output().pending(), handshake.version);
  server().sent(server().output().size());
  return packets;
}

owned_packet server_test::only_sent() {
  const auto packets = sent();
  EXPECT_EQ(packets.size(), 1u);
  return packets.empty() ? owned_packet{} : packets.front();
}

void server_test::shake_hands() {
  const auto raw = wire::encode_handshake(handshake);
  receive(byte_string(raw.begin(), raw.end()));
}

owned_packet server_test::auth_packet(std::string token, uint32_t id) const {
  return request_packet(number(wire::command::auth), id,
                        body_of(wire::auth_request{std::move(token), {{"k", "v"}}}, handshake.codec));
}

owned_packet server_test::reconnect_packet(std::string session, uint32_t id) const {
  return request_packet(number(wire::command::reconnect), id,
                        body_of(wire::reconnect_request{std::move(session), {}}, handshake.codec));
}

void server_test::accept(std::string session, duration valid, int32_t kind) {
  const auto valid_ms = std::chrono::duration_cast<milliseconds>(valid).count();
  server().accept({kind, std::move(session), clock.now().unix_ms + valid_ms, clock.at() + valid, 10, 2}, clock.now());
}

void server_test::make_ready() {
  shake_hands();
  receive(auth_packet());
  ASSERT_TRUE(server().deciding());
  accept();
  tick();
  ASSERT_TRUE(server().ready());
  sent();
  events.clear();
}

void server_test::expect_closed(int32_t code, std::string_view reason_part) {
  const auto packets = sent();
  ASSERT_FALSE(packets.empty());
  const auto& last = packets.back();
  ASSERT_TRUE(last.is(wire::packet_type::push, wire::command::close));
  const auto close = message_in<wire::close>(last, handshake.codec);
  EXPECT_EQ(close.code, code);
  EXPECT_NE(close.reason.find(reason_part), std::string::npos) << close.reason;
  const auto told = events.only<close_event>();
  EXPECT_EQ(told.code, code);
  EXPECT_EQ(told.origin, LBW_ORIGIN_LOCAL);
  EXPECT_EQ(told.reason, close.reason);
  EXPECT_EQ(server().sent_close(), code);
  EXPECT_TRUE(server().closing());
  EXPECT_FALSE(server().ready());
  EXPECT_FALSE(server().wants_packets());
}

}  // namespace lbwire::session
