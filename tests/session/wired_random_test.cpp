// Much of everything, by chance, and what must hold whatever happens.
#include <algorithm>
#include <map>

#include "wired.h"

namespace lbwire::session {
namespace {

TEST(WiredAtRandom, ThousandsOfRequestsInRandomPieces) {
  for (const wire::handshake& handshake : {wire::handshake{wire::version::v1, wire::body_codec::protobuf},
                                           wire::handshake{wire::version::v2, wire::body_codec::json}}) {
    SCOPED_TRACE(static_cast<int>(handshake.version));
    wired pair;
    pair.client_opts.handshake = handshake;
    seeded_random random_pieces(static_cast<uint64_t>(handshake.version));
    pair.piece = [&](size_t) { return 1 + random_pieces.below(random_pieces.below(4) == 0 ? 3000 : 40); };
    pair.connect();
    ASSERT_TRUE(pair.get_ready());
    std::map<uint64_t, byte_string> asked;
    for (int i = 0; i < 4000; ++i) {
      byte_string body(random_pieces.below(random_pieces.below(50) == 0 ? 5000 : 60));
      for (uint8_t& byte : body) byte = static_cast<uint8_t>(random_pieces.next());
      const uint64_t ticket = pair.ask(body);
      asked.emplace(ticket, std::move(body));
      if (i % 97 == 0) pair.server().push(101, byte_string(random_pieces.below(300)));
      if (random_pieces.below(20) == 0) pair.run();
    }
    pair.run();
    const auto answers = pair.client_events.all<response_event>();
    EXPECT_EQ(answers.size(), asked.size());
    for (const auto& e : answers) {
      ASSERT_EQ(e.result, LBW_OK);
      ASSERT_EQ(byte_string(e.body.begin(), e.body.end()), asked.at(e.request));
      asked.erase(e.request);
    }
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(pair.client().state(), LBW_STATE_READY);
  }
}

// Whatever is cut, closed, cancelled or late: each request ends once, each connection has one close, each credential
// is presented once.
TEST(WiredAtRandom, ManyReconnectsLoseNoRequestAndNoClose) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    wired pair;
    seeded_random chance(seed);
    pair.client_opts.requests.wait_when_not_ready = seed % 2 == 0;
    pair.store.valid = milliseconds(200'000);
    pair.piece = [&](size_t) { return 1 + chance.below(30); };
    std::deque<std::pair<size_t, uint32_t>> open;
    pair.answering = false;
    pair.on_request = [&](size_t connection, const request_event& e) { open.emplace_back(connection, e.request_id); };
    pair.connect();
    std::map<uint64_t, int> ended;
    std::vector<uint64_t> tickets;
    for (int step = 0; step < 1500; ++step) {
      uint64_t ticket = 0;
      switch (chance.below(12)) {
        case 0:
          if (pair.connections() > 0 && pair.client().state() >= LBW_STATE_AUTHENTICATING) pair.cut();
          break;
        case 1: pair.advance(milliseconds(chance.below(2000))); break;
        case 2:
          if (!tickets.empty()) pair.client().cancel(tickets[chance.below(tickets.size())]);
          break;
        case 3:
          if (pair.server().ready() && chance.below(4) == 0)
            pair.server().close(static_cast<int32_t>(chance.below(3)), "", pair.clock.at());
          break;
        case 4:
          while (!open.empty()) {
            const auto [connection, id] = open.front();
            open.pop_front();
            pair.server(connection).respond(id, 0, {});
          }
          break;
        case 5: pair.advance(seconds(11)); break;
        case 6: pair.run(); break;
        default:
          if (pair.client().request(11, byte_string(chance.below(50)), milliseconds(1 + chance.below(9000)), {},
                                    pair.clock.at(), ticket) == LBW_OK)
            tickets.push_back(ticket);
      }
    }
    ASSERT_TRUE(pair.get_ready());
    pair.advance(seconds(10));
    pair.client().disconnect();
    pair.run();
    for (const auto& e : pair.client_events.all<response_event>()) ++ended[e.request];
    EXPECT_EQ(ended.size(), tickets.size());
    for (const uint64_t ticket : tickets) ASSERT_EQ(ended[ticket], 1) << ticket;
    EXPECT_EQ(pair.client().requests_in_flight(), 0u);
    EXPECT_GT(pair.connections(), 50u);
    EXPECT_EQ(pair.client_events.count<close_event>(), pair.connections());
    for (size_t i = 0; i < pair.connections(); ++i) EXPECT_EQ(pair.server_events(i).count<close_event>(), 1u) << i;
    for (const auto& [credential, times] : pair.store.presented) EXPECT_EQ(times, 1) << credential;
    const client_counters& c = pair.client().counters();
    EXPECT_EQ(c.requests, c.responses + c.requests_timed_out + c.requests_cancelled + c.requests_lost);
  }
}

TEST(WiredAtRandom, AFleetThatIsShutDownComesBackSpreadOut) {
  fake_clock clock;
  std::map<int64_t, int> returns;  // by tenth of a second
  for (uint64_t seed = 0; seed < 200; ++seed) {
    seeded_random jitter(seed);
    const auto options = std::make_shared<client_options>();
    client_session one(options, jitter);
    one.resume({"s", clock.now().unix_ms + 60000});
    one.connect();
    event_batch batch;
    one.tick(clock.now(), batch);
    one.connected(one.connection(), clock.now());
    const byte_string in =
        encoded(response_packet(number(wire::command::reconnect), 1,
                                body_of(wire::auth_response{"t", clock.now().unix_ms + 60000, 0, 0}))) +
        encoded(close_packet(LBW_CLOSE_SERVER_SHUTDOWN));
    one.feed(in);
    one.receive(clock.now(), batch);
    event_log log;
    log.take(batch);
    ++returns[log.last<state_event>().delay_ms / 100];
  }
  EXPECT_GE(returns.size(), 10u);
  for (const auto& [tenth, clients] : returns) EXPECT_LT(clients, 45) << tenth;
}

}  // namespace
}  // namespace lbwire::session
