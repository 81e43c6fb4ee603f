// How much may wait to be sent or answered, and what is told when there is room again.
#include "client_fixture.h"

namespace lbwire::session {
namespace {

using ClientSendQueue = client_test;

TEST_F(ClientSendQueue, NoBodyOverTheProtocolsLimitIsTaken) {
  make_ready();
  EXPECT_EQ(try_ask(byte_string(wire::max_body_size + 1)), LBW_ERR_TOO_LARGE);
  EXPECT_EQ(try_ask(byte_string(wire::max_body_size)), LBW_OK);
  EXPECT_EQ(only_sent().body.size(), wire::max_body_size);
}

TEST_F(ClientSendQueue, SoManyMayBeInFlight) {
  options.requests.max_in_flight = 4;
  make_ready();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(try_ask(), LBW_OK);
  EXPECT_EQ(try_ask(), LBW_ERR_QUEUE_FULL);
  const auto asked = sent();
  events.clear();
  receive(response_packet(11, asked[0].request_id));
  EXPECT_EQ(events.count<writable_event>(), 0u) << "not before half of them ended";
  receive(response_packet(11, asked[1].request_id));
  EXPECT_EQ(events.count<writable_event>(), 1u);
  EXPECT_EQ(try_ask(), LBW_OK);
  receive(response_packet(11, asked[2].request_id));
  EXPECT_EQ(events.count<writable_event>(), 1u) << "once for each refusal";
}

TEST_F(ClientSendQueue, TheSendQueueIsBoundedAndTellsWhenThereIsRoom) {
  options.limits.max_send_queue_bytes = 1000;
  make_ready();
  const byte_string body(389);  // 400 bytes with its header
  EXPECT_EQ(try_ask(body), LBW_OK);
  EXPECT_EQ(try_ask(body), LBW_OK);
  EXPECT_EQ(try_ask(body), LBW_ERR_QUEUE_FULL);
  EXPECT_EQ(client().output().size(), 800u);
  EXPECT_EQ(try_ask(byte_string(189)), LBW_OK) << "a smaller one fits exactly";
  EXPECT_EQ(try_ask(), LBW_ERR_QUEUE_FULL);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 0u);

  client().sent(500);
  EXPECT_TRUE(client().due(clock.at())) << "the driver need not guess that there is news";
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
}

TEST_F(ClientSendQueue, OnePacketOfAnySizeFitsAnEmptyQueue) {
  options.limits.max_send_queue_bytes = 1000;
  make_ready();
  EXPECT_EQ(try_ask(byte_string(5000)), LBW_OK);
  EXPECT_EQ(try_ask(), LBW_ERR_QUEUE_FULL);
}

TEST_F(ClientSendQueue, AWritableEventMeansThatWhatWasRefusedFitsNow) {
  options.limits.max_send_queue_bytes = 1000;
  make_ready();
  ASSERT_EQ(try_ask(byte_string(389)), LBW_OK);
  ASSERT_EQ(try_ask(byte_string(900)), LBW_ERR_QUEUE_FULL);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 0u) << "it would be refused again";
  client().sent(client().output().size());
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
  EXPECT_EQ(try_ask(byte_string(900)), LBW_OK);
}

TEST_F(ClientSendQueue, WaitingBodiesAreBoundedToo) {
  options.requests.wait_when_not_ready = true;
  options.limits.max_send_queue_bytes = 1000;
  connect();
  EXPECT_EQ(try_ask(byte_string(5000)), LBW_OK) << "one of any size";
  EXPECT_EQ(try_ask(byte_string(1)), LBW_ERR_QUEUE_FULL);
  client().disconnect();
  connect();
  const uint64_t first = ask(11, byte_string(600));
  events.clear();
  EXPECT_EQ(try_ask(byte_string(400)), LBW_OK);
  EXPECT_EQ(try_ask(byte_string(1)), LBW_ERR_QUEUE_FULL);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 0u);
  client().cancel(first);
  tick();
  EXPECT_EQ(events.count<writable_event>(), 1u);
  EXPECT_EQ(try_ask(byte_string(600)), LBW_OK);
}

TEST_F(ClientSendQueue, WaitingBodiesThatLeftLeaveTheirRoom) {
  options.requests.wait_when_not_ready = true;
  options.limits.max_send_queue_bytes = 1000;
  connect();
  ask(11, byte_string(1000));
  open();
  admit();
  lose();
  EXPECT_EQ(try_ask(byte_string(1)), LBW_OK);
  EXPECT_EQ(try_ask(byte_string(999)), LBW_OK);
  EXPECT_EQ(try_ask(byte_string(1)), LBW_ERR_QUEUE_FULL);
}

TEST_F(ClientSendQueue, BodiesAreCopiedBeforeTheCallReturns) {
  options.requests.wait_when_not_ready = true;
  connect();
  auto body = std::make_unique<byte_string>(text_bytes("gone soon"));
  ask(11, *body);
  body.reset();
  open();
  admit();
  EXPECT_EQ(as_text(only_sent().body), "gone soon");
}

TEST_F(ClientSendQueue, LargeBodiesAreCompressedIfAsked) {
  options.requests.compress_from = 100;
  make_ready();
  ask(11, byte_string(99, 'a'));
  EXPECT_FALSE(only_sent().gzip);
  ask(11, byte_string(100, 'a'));
  const auto p = only_sent();
  EXPECT_TRUE(p.gzip);
  EXPECT_LT(p.body.size(), 100u);
}

TEST_F(ClientSendQueue, ManyInOneReadAreHandedOutInBatches) {
  make_ready();
  std::vector<uint64_t> tickets;
  byte_string answers;
  for (int i = 0; i < 1000; ++i) tickets.push_back(ask());
  for (const auto& p : sent()) answers = answers + encoded(response_packet(11, p.request_id));
  events.clear();
  event_batch batch;
  client().feed(answers);
  int rounds = 0;
  for (bool more = true; more; ++rounds) {
    more = client().receive(clock.now(), batch);
    EXPECT_LE(std::distance(batch.begin(), batch.end()), 128);
    events.take(batch);
  }
  EXPECT_GT(rounds, 7);
  EXPECT_EQ(events.count<response_event>(), tickets.size());
}

}  // namespace
}  // namespace lbwire::session
