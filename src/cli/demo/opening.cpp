#include <string>

#include "demo/scenes.h"
#include "hex.h"
#include "printable.h"

namespace lbwire::cli {

namespace {

constexpr uint8_t echoed_command = 50;
constexpr uint8_t pushed_command = 101;

std::string hex(std::string_view text) {
  return to_hex(text.data(), text.size());
}

std::string rtt_of(const journal::entry& heartbeat) {
  return show_duration_us(heartbeat.event.at("rtt_us").get<uint64_t>());
}

}  // namespace

json authenticate(stage& on) {
  const auto began = on.now();
  on.client().connect();
  on.await("client", {{"event", "token"}}, began, "the client to ask for a token");
  on.tell("client", "asked for a one-time token, and was given one");
  const auto session = on.await("client", {{"event", "session"}, {"kind", "auth"}}, began,
                                "the gateway to accept the token and give a session");
  on.await("gateway", {{"event", "session"}, {"kind", "auth"}}, began, "the gateway to tell of the session");
  on.await("client", {{"event", "state"}, {"state", "ready"}}, began, "the client to be ready");
  const auto expires_ms = session.event.at("expires_ms").get<int64_t>();
  on.tell("gateway", "accepted it: a session, good until " + show_date(expires_ms), session.at - began.at);
  return {{"kind", "auth"}, {"expires_ms", expires_ms}, {"session_ms", to_ms(session.at - began.at)}};
}

// Only the side that heard nothing for a while asks. So the client on the line, which asks often, measures
// one way; for the other way there is a client that never asks.
json exchange_heartbeats(stage& on) {
  auto began = on.now();
  const json measured{{"event", "heartbeat"}, {"origin", "local"}};
  const auto ours = on.await("client", measured, began, "a heartbeat of the client to be answered");
  on.tell("client", "asked whether the gateway is there: yes, round trip " + rtt_of(ours));

  began = on.now();
  const auto silent = on.another_client("visitor", on.gateway(), on.gateway().tokens());
  silent->connect();
  on.await("visitor", {{"event", "session"}}, began, "a session of a second client");
  const auto theirs = on.await("gateway", measured, began, "a heartbeat of the gateway to be answered");
  on.await("visitor", {{"event", "heartbeat"}, {"origin", "peer"}}, began,
           "the second client to tell that it answered the gateway");
  on.tell("gateway", "asked a second, silent client: round trip " + rtt_of(theirs));
  return {{"client_rtt_us", ours.event.at("rtt_us")}, {"gateway_rtt_us", theirs.event.at("rtt_us")}};
}

json request_and_push(stage& on) {
  auto began = on.now();
  on.client().request(echoed_command, "ping");
  const auto answer = on.await(
      "client", {{"event", "response"}, {"result", "LBW_OK"}, {"status", "success"}, {"body_hex", hex("ping")}}, began,
      "the gateway to echo the request");
  on.tell("client", "sent a request, and has its answer", answer.at - began.at);
  const double request_ms = to_ms(answer.at - began.at);

  began = on.now();
  on.gateway().push_to_all(pushed_command, "news");
  const auto push = on.await("client", {{"event", "push"}, {"cmd", pushed_command}, {"body_hex", hex("news")}}, began,
                             "the push to reach the client");
  on.tell("gateway", "pushed to all its clients; it arrived", push.at - began.at);
  return {{"request_ms", request_ms}, {"push_ms", to_ms(push.at - began.at)}};
}

json lose_the_line(stage& on) {
  on.tell("cause", "the line is cut");
  const auto began = on.now();
  on.link().cut();
  const auto lost = on.await("client", {{"event", "close"}, {"name", "ConnectionLost"}, {"will_reconnect", true}},
                             began, "the client to notice that the connection is lost");
  on.tell("client", "lost the connection without a Close", lost.at - began.at);
  const auto back = await_return(on, "client", "reconnect", after(lost));
  on.tell("client", "came back with its session, without a token", back.at - lost.at);
  return {{"kind", "reconnect"}, {"session_ms", to_ms(back.at - lost.at)}};
}

journal::entry await_return(stage& on, const std::string& who, const std::string& kind, stage::moment since) {
  auto session =
      on.await(who, {{"event", "session"}, {"kind", kind}}, since, who + " to have a session again, by " + kind);
  on.await(who, {{"event", "state"}, {"state", "ready"}}, since, who + " to be ready again");
  return session;
}

}  // namespace lbwire::cli
