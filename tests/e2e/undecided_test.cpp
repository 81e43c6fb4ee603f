// What comes while the gateway cannot look at it, and peers that do not read what is sent to them.
#include <poll.h>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

TEST(undecided, what_a_peer_sends_before_it_is_let_in_is_answered_afterwards) {
  gateway_end gateway;
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.send(handshake + auth("later")));
  const auto asked = gateway.events.await(is(LBW_EVENT_AUTH));
  ASSERT_TRUE(asked);
  // In segments of their own, the second one cut in the middle of a packet.
  const bytes second = request(3, "second");
  ASSERT_TRUE(peer.send(request(2, "first")));
  ASSERT_TRUE(peer.send(bytes(second.begin(), second.begin() + 5)));
  ::poll(nullptr, 0, 50);  // time for the gateway to do the wrong thing
  EXPECT_OK(lbw_gateway_accept(gateway.handle, asked->event.auth.connection));
  ASSERT_TRUE(peer.send(bytes(second.begin() + 5, second.end())));

  const auto admitted = peer.receive();
  ASSERT_TRUE(admitted);
  EXPECT_EQ(2, admitted->cmd);
  const auto first_answer = peer.receive();
  ASSERT_TRUE(first_answer);
  EXPECT_EQ("first", first_answer->text());
  const auto second_answer = peer.receive();
  ASSERT_TRUE(second_answer);
  EXPECT_EQ("second", second_answer->text());
}

TEST(undecided, a_peer_that_sends_and_never_reads_is_dropped) {
  gateway_end gateway(
      "\"heartbeat\": {\"interval_ms\": 100, \"timeout_ms\": 100}, \"stop\": {\"linger_ms\": 100},"
      "\"limits\": {\"max_send_queue_bytes\": 65536}");
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.send(handshake + auth(gateway.token())));
  ASSERT_NE(0u, gateway.connection());
  // Heartbeats whose answers fill every buffer on the way back; then the gateway reads no more, and sending blocks
  // until it gives the peer up.
  const std::string body(60000, 'x');
  for (uint32_t id = 2; id < 5000 && peer.send(request(id, body, 1)); ++id) {
  }
  const auto close = gateway.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_HEARTBEAT_TIMEOUT, close->event.close.code);
}

}  // namespace
}  // namespace lbwire::e2e
