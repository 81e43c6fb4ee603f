#include "client_fixture.h"

#include <algorithm>

namespace lbwire::session {

void client_test::tick() {
  event_batch batch;
  client().tick(clock.now(), batch);
  events.take(batch);
}

void client_test::take_news() {
  event_batch batch;
  EXPECT_FALSE(client().receive(clock.now(), batch));
  events.take(batch);
}

void client_test::advance(duration d) {
  clock.advance(d);
  tick();
}

void client_test::advance_to_deadline() {
  ASSERT_NE(client().deadline(), never);
  clock.advance_to(client().deadline());
  tick();
}

void client_test::expect_quiet_until(duration after) {
  tick();
  const auto before = events.summary();
  const int32_t state = client().state();
  const auto end = clock.at() + after;
  EXPECT_EQ(client().deadline(), end);
  advance(after - one_tick);
  EXPECT_EQ(events.summary(), before);
  EXPECT_EQ(client().state(), state);
  EXPECT_FALSE(client().due(clock.at()));
  clock.advance(one_tick);
  EXPECT_TRUE(client().due(clock.at()));
  tick();
}

// The bytes lie in a block of their own, which goes once the events were taken.
void client_test::receive(const byte_string& raw) {
  auto block = std::make_unique<byte_string>(raw);
  client().feed(*block);
  for (bool more = true; more;) {
    event_batch batch;
    more = client().receive(clock.now(), batch);
    events.take(batch);
  }
  client().take_back();
  client().release();
}

std::vector<owned_packet> client_test::sent() {
  send_buffer& output = client().output();
  bytes waiting = output.pending();
  if (waiting.empty()) return {};
  if (client().connection() != 0 && client().connection() != read_from_) {
    read_from_ = client().connection();
    wire::handshake handshake;
    EXPECT_EQ(wire::decode_handshake(waiting, handshake), wire::handshake_status::ok);
    EXPECT_EQ(handshake, options.handshake);
    waiting = waiting.subspan(wire::handshake_size);
  }
  auto packets = decoded(waiting, options.handshake.version);
  client().sent(output.size());
  return packets;
}

owned_packet client_test::only_sent() {
  const auto packets = sent();
  EXPECT_EQ(packets.size(), 1u);
  return packets.empty() ? owned_packet{} : packets.front();
}

std::optional<owned_packet> client_test::last_sent(wire::packet_type type, uint8_t cmd) {
  std::optional<owned_packet> found;
  for (owned_packet& p : sent()) {
    if (p.type == type && p.cmd == cmd) found = std::move(p);
  }
  return found;
}

void client_test::answer_heartbeat() {
  const auto asked = last_sent(wire::packet_type::request, number(wire::command::heartbeat));
  ASSERT_TRUE(asked) << "no heartbeat was sent";
  receive(response_packet(asked->cmd, asked->request_id, asked->body));
}

void client_test::connect(std::string token) {
  if (!token.empty()) client().set_token(std::move(token));
  ASSERT_TRUE(client().connect());
  tick();
}

void client_test::open() {
  ASSERT_NE(client().connection(), 0u);
  client().connected(client().connection(), clock.now());
  tick();
  admission = only_sent();
}

void client_test::admit(std::string session_id, milliseconds valid) {
  const wire::auth_response answer{std::move(session_id), clock.now().unix_ms + valid.count(), 10, 3};
  receive(response_packet(admission.cmd, admission.request_id, body_of(answer, options.handshake.codec)));
  ASSERT_EQ(client().state(), LBW_STATE_READY);
}

void client_test::refuse(wire::status_code status, std::string msg) {
  const wire::error why{number(status), std::move(msg)};
  receive(response_packet(admission.cmd, admission.request_id, body_of(why, options.handshake.codec), number(status)));
}

void client_test::make_ready() {
  connect();
  open();
  admit();
}

void client_test::next_attempt() {
  if (client().state() == LBW_STATE_BACKING_OFF) advance_to_deadline();
  ASSERT_EQ(client().state(), LBW_STATE_CONNECTING);
  if (client().connection() == 0) {  // it asked for a token
    client().set_token("token-" + std::to_string(++tokens_));
    tick();
  }
  open();
}

void client_test::come_back() {
  next_attempt();
  admit("session-" + std::to_string(client().counters().sessions + 1));
}

void client_test::lose() {
  client().disconnected(client().connection(), "reset by peer", clock.now());
  take_news();
}

void client_test::fail_to_connect(int32_t cause) {
  client().connect_failed(client().connection(), cause, "refused", clock.now());
  take_news();
}

std::string client_test::credential() const {
  const auto codec = options.handshake.codec;
  return presented_session() ? message_in<wire::reconnect_request>(admission, codec).session_id
                             : message_in<wire::auth_request>(admission, codec).token;
}

uint64_t client_test::ask(uint8_t cmd, const byte_string& body, milliseconds timeout) {
  uint64_t ticket = 0;
  EXPECT_EQ(client().request(cmd, body, timeout, {}, clock.at(), ticket), LBW_OK);
  return ticket;
}

lbw_status client_test::try_ask(const byte_string& body) {
  uint64_t ticket = 0;
  return client().request(11, body, milliseconds(5000), {}, clock.at(), ticket);
}

}  // namespace lbwire::session
