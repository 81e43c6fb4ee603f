"""lbwire gateway: what it prints, what it accepts, and the orders that it takes."""

import signal
import subprocess
import unittest

from process import Gateway, connect, run
from raw_peer import RESPONSE, RawPeer


class Start(unittest.TestCase):
    def test_the_first_line_tells_the_address(self):
        with Gateway("--token", "t") as gateway:
            self.assertEqual(gateway.first, {"event": "listening", "tcp": gateway.address})
            self.assertRegex(gateway.address, r"^127\.0\.0\.1:[1-9]\d*$")

    def test_without_a_token_it_makes_one(self):
        with Gateway() as gateway, connect(gateway, "--token", gateway.expect(event="token")["token"]) as client:
            client.expect(event="session", kind="auth")

    def test_tokens_of_the_config_are_accepted(self):
        with Gateway("--config", '{"tokens":["from-config"]}') as gateway:
            with connect(gateway, "--token", "from-config") as client:
                client.expect(event="session", kind="auth")
            self.assertNotIn("token", [event["event"] for event in gateway.seen])

    def test_an_address_in_use_is_a_failure_that_names_it(self):
        with Gateway() as gateway:
            done = run("gateway", "--tcp", gateway.address, "--json", check=1)
            self.assertIn(gateway.address, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_it_goes_on_without_standard_input(self):
        with Gateway("--token", "t", stdin=subprocess.DEVNULL) as gateway:
            with connect(gateway, "--token", "t") as client:
                client.expect(event="session")
            gateway.expect(event="session")


class Stop(unittest.TestCase):
    def ends_well(self, order):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            client.expect(event="state", state="ready")
            order(gateway)
            close = client.expect(event="close", code=2)
            self.assertEqual((close["name"], close["origin"]), ("ServerShutdown", "peer"))
            self.assertTrue(close["will_reconnect"])
            self.assertEqual(gateway.exit_code(), 0)
            self.assertEqual(gateway.error_text(), "")

    def test_quit(self):
        self.ends_well(lambda gateway: gateway.write("quit"))

    def test_sigterm(self):
        self.ends_well(lambda gateway: gateway.interrupt(signal.SIGTERM))

    def test_sigint(self):
        self.ends_well(lambda gateway: gateway.interrupt(signal.SIGINT))


class Sessions(unittest.TestCase):
    def test_each_token_works_once(self):
        with Gateway("--token", "one", "--token", "two") as gateway:
            for token in ("one", "two"):
                with RawPeer(gateway.port) as first, RawPeer(gateway.port) as second:
                    self.assertEqual(first.authenticate(token), 0)
                    self.assertEqual(second.authenticate(token), 5)

    def test_a_session_is_told_without_its_id(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            session = gateway.expect(event="session", kind="auth")
            self.assertGreater(session["connection"], 0)
            self.assertTrue(session["peer"].startswith("127.0.0.1:"))
            self.assertEqual(session["expires_ms"], client.expect(event="session")["expires_ms"])
            self.assertNotIn("session_id", session)

    def test_a_short_session_expires_and_a_fresh_token_makes_another(self):
        with Gateway("--token", "a", "--token", "b", "--session-ttl", "0.5") as gateway:
            with connect(gateway, "--token", "a", "--token", "b") as client:
                client.expect(event="session", kind="auth")
                close = client.expect(event="close", code=5)
                self.assertEqual(close["name"], "SessExpired")
                client.expect(event="token")
                client.expect(event="session", kind="auth")

    def test_a_silent_client_is_asked_then_closed(self):
        flags = ["--token", "t", "--heartbeat-interval", "100", "--heartbeat-timeout", "100"]
        with Gateway(*flags) as gateway, RawPeer(gateway.port) as silent:
            self.assertEqual(silent.authenticate("t"), 0)
            close = gateway.expect(event="close", code=0)
            self.assertEqual((close["name"], close["origin"]), ("HeartbeatTimeout", "local"))
            self.assertGreater(close["connection"], 0)

    def test_a_heartbeat_is_told_with_its_round_trip(self):
        with Gateway("--token", "t", "--heartbeat-interval", "50") as gateway:
            with connect(gateway, "--token", "t") as client:
                beat = gateway.expect(event="heartbeat", origin="local")
                self.assertGreater(beat["rtt_us"], 0)
                client.expect(event="heartbeat", origin="peer")


class Requests(unittest.TestCase):
    def test_business_requests_are_echoed(self):
        with Gateway("--token", "t") as gateway, RawPeer(gateway.port) as peer:
            self.assertEqual(peer.authenticate("t"), 0)
            peer.request(50, 2, b"\x00\xffecho")
            self.assertEqual(peer.receive_business(), (RESPONSE, 50, 0, b"\x00\xffecho"))


class Orders(unittest.TestCase):
    def test_push_reaches_every_client(self):
        with Gateway("--token", "a", "--token", "b") as gateway:
            with connect(gateway, "--token", "a") as one, connect(gateway, "--token", "b") as other:
                for client in (one, other):
                    client.expect(event="state", state="ready")
                    gateway.expect(event="session")
                gateway.write("push 101 hello there")
                self.assertEqual(gateway.expect(event="command", command="push")["connections"], 2)
                for client in (one, other):
                    push = client.expect(event="push")
                    self.assertEqual((push["cmd"], bytes.fromhex(push["body_hex"])), (101, b"hello there"))

    def test_close_by_number_and_reason(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            client.expect(event="state", state="ready")
            gateway.write("close 1 something went wrong")
            close = client.expect(event="close", code=1)
            self.assertEqual((close["name"], close["reason"]), ("ServerError", "something went wrong"))
            told = gateway.expect(event="close", code=1)
            self.assertEqual((told["origin"], told["reason"]), ("local", "something went wrong"))
            client.expect(event="session", kind="reconnect")

    def test_close_by_name(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            client.expect(event="state", state="ready")
            gateway.write("close connectduplicate")
            self.assertFalse(client.expect(event="close", code=6)["will_reconnect"])

    def test_close_with_a_code_that_the_protocol_does_not_name(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            client.expect(event="state", state="ready")
            gateway.write("close 77")
            close = client.expect(event="close", code=77)
            self.assertEqual((close["name"], close["will_reconnect"]), ("Unknown", True))

    def test_sessions_lists_open_connections_without_ids(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--show-secrets") as client:
            session_id = client.expect(event="session")["session_id"]
            gateway.expect(event="session")
            gateway.write("sessions")
            [session] = gateway.expect(event="sessions")["sessions"]
            self.assertTrue(session["authenticated"])
            self.assertNotIn(session_id, str(session))

    def test_token_makes_another_one(self):
        with Gateway("--token", "t") as gateway:
            gateway.write("token")
            with connect(gateway, "--token", gateway.expect(event="token")["token"]) as client:
                client.expect(event="session", kind="auth")

    def test_what_is_no_order_is_an_error_and_it_goes_on(self):
        with Gateway("--token", "t") as gateway:
            for line in ("frobnicate", "close", "close 256", "close Never", "push 3 control", "push x y"):
                gateway.write(line)
                self.assertNotEqual(gateway.expect(event="error")["error"], "")
            gateway.write("sessions")
            self.assertEqual(gateway.expect(event="sessions")["sessions"], [])


class Text(unittest.TestCase):
    def test_people_are_told_how_to_connect(self):
        done = run("gateway", "--tcp", "127.0.0.1:0", stdin="sessions\nquit\n", check=0)
        self.assertIn("listening 127.0.0.1:", done.stdout)
        self.assertIn("lbwire connect tcp://127.0.0.1:", done.stdout)
        self.assertIn("0 connections", done.stdout)


if __name__ == "__main__":
    unittest.main()
