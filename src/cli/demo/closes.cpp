#include <lbwire/lbwire.h>

#include <string>

#include "demo/scenes.h"
#include "event_text.h"
#include "printable.h"

namespace lbwire::cli {

namespace {

// The client is told the close, and it was the gateway that ended the connection.
journal::entry await_close(stage& on, const std::string& who, int32_t code, bool will_reconnect, stage::moment since) {
  const std::string what = who + " to read Close " + show_close(code) + " from the gateway" +
                           (will_reconnect ? ", and to come back" : ", and to stay away");
  auto closed = on.await(
      who, {{"event", "close"}, {"code", code}, {"origin", "peer"}, {"will_reconnect", will_reconnect}}, since, what);
  on.tell(who, "reads Close " + show_close(code) + ": " + show_bytes(closed.event.at("reason").get<std::string>()),
          closed.at - since.at);
  return closed;
}

json facts_of(const journal::entry& closed, stage::moment since, const std::string& reaction,
              journal::clock::time_point reacted) {
  return {{"code", closed.event.at("code")},
          {"close", closed.event.at("name")},
          {"origin", closed.event.at("origin")},
          {"reason", closed.event.at("reason")},
          {"reaction", reaction},
          {"close_ms", to_ms(closed.at - since.at)},
          {"reaction_ms", to_ms(reacted - closed.at)}};
}

// What four of the closes have in common: the client comes back with the session that it has.
json closed_and_back(stage& on, int32_t code, stage::moment since) {
  const auto closed = await_close(on, "client", code, true, since);
  const auto back = await_return(on, "client", "reconnect", after(closed));
  on.tell("client", "came back with its session", back.at - closed.at);
  return facts_of(closed, since, "came back with its session", back.at);
}

}  // namespace

json heartbeat_timeout(stage& on) {
  on.tell("cause", "the line swallows what the client says; the gateway asks, and hears nothing");
  const auto began = on.now();
  on.link().swallow();
  return closed_and_back(on, LBW_CLOSE_HEARTBEAT_TIMEOUT, began);
}

json server_error(stage& on) {
  on.tell("cause", "the client sends a request whose handler fails");
  const auto began = on.now();
  on.client().request(gateway_player::failing_command, "fail, please");
  on.await("client", {{"event", "response"}, {"result", "LBW_ERR_DISCONNECTED"}}, began,
           "the request to end as LBW_ERR_DISCONNECTED");
  return closed_and_back(on, LBW_CLOSE_SERVER_ERROR, began);
}

json server_shutdown(stage& on) {
  on.tell("cause", "the gateway stops, and starts again at the same port");
  const auto began = on.now();
  on.gateway().stop();
  on.await("gateway", {{"event", "stopped"}}, began, "the gateway to stop");
  on.gateway().start();
  return closed_and_back(on, LBW_CLOSE_SERVER_SHUTDOWN, began);
}

json unpack_error(stage& on) {
  on.tell("cause", "the line adds bytes to what the client says that are no packet");
  const auto began = on.now();
  on.link().garble();
  return closed_and_back(on, LBW_CLOSE_UNPACK_ERROR, began);
}

// Two clients with tokens that the gateway does not know: one is then given a good token, the other is not.
json auth_error(stage& on) {
  on.tell("cause", "a client presents a token that the gateway does not know");
  auto began = on.now();
  auto tries = std::make_shared<int>(0);
  const auto good = on.gateway().tokens();
  const auto bad_then_good = [tries, good] { return (*tries)++ == 0 ? "made up" : good(); };
  const auto mistaken = on.another_client("mistaken", on.gateway(), bad_then_good);
  mistaken->connect();
  const auto closed = await_close(on, "mistaken", LBW_CLOSE_AUTH_ERROR, true, began);
  on.await("mistaken", {{"event", "token"}}, after(closed), "the client to ask for a fresh token");
  const auto back = await_return(on, "mistaken", "auth", after(closed));
  on.tell("mistaken", "asked for a fresh token, and has a session", back.at - closed.at);
  json facts = facts_of(closed, began, "asked for a fresh token, and has a session", back.at);

  began = on.now();
  const auto stranger = on.another_client("stranger", on.gateway(), [] { return std::string("made up"); });
  stranger->connect();
  on.await("stranger", {{"event", "state"}, {"state", "failed"}}, began, "a client without any good token to give up");
  on.tell("stranger", "has no good token at all, and gave up after two refusals");
  facts["gave_up_after_two"] = true;
  return facts;
}

// On a gateway of its own, since every session there is short.
json session_expired(stage& on) {
  on.tell("cause", "a session outlives its time: a second gateway gives sessions of 0.6 s");
  const auto brief = on.another_gateway("brief gw", {{"session", {{"ttl_ms", 600}}}});
  auto began = on.now();
  const auto guest = on.another_client("guest", *brief, brief->tokens());
  guest->connect();
  const auto first = on.await("guest", {{"event", "session"}, {"kind", "auth"}}, began, "a session that is short");
  const auto closed = await_close(on, "guest", LBW_CLOSE_SESSION_EXPIRED, true, after(first));
  on.await("guest", {{"event", "token"}}, after(closed), "the client to ask for a fresh token");
  const auto back = await_return(on, "guest", "auth", after(closed));
  on.tell("guest", "fetched a fresh token, and has a new session", back.at - closed.at);
  return facts_of(closed, after(first), "fetched a fresh token, and has a new session", back.at);
}

json connect_duplicate(stage& on) {
  on.tell("cause", "a second client takes the session over: the first one's export is its config");
  const auto began = on.now();
  const json session = on.client().exported_session();
  const auto heir = on.another_client("heir", on.gateway(), on.gateway().tokens(), {{"session", session}});
  heir->connect();
  on.await("heir", {{"event", "session"}, {"kind", "reconnect"}}, began, "the second client to come in by it");
  const auto closed = await_close(on, "client", LBW_CLOSE_CONNECT_DUPLICATE, false, began);
  const auto final =
      on.await("client", {{"event", "state"}, {"state", "closed"}}, began, "the first client to stay closed");
  on.tell("client", "stayed closed; the session is the other one's now", final.at - closed.at);
  return facts_of(closed, began, "stayed closed", final.at);
}

}  // namespace lbwire::cli
