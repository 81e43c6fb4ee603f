"""lbwire connect: the life of one session as JSON lines, where its tokens come from, and how it ends."""

import json
import os
import signal
import subprocess
import unittest

from process import CLI, DEADLINE, Gateway, Lbwire, connect, run


class Life(unittest.TestCase):
    def test_states_up_to_ready(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--duration", "0.2") as client:
            client.drain()
            states = [(e["state"], e["cause"]) for e in client.seen if e["event"] == "state"]
            self.assertEqual(states[0], ("connecting", "connect_called"))
            self.assertIn(("ready", "authenticated"), states)
            self.assertEqual(states[-1], ("closed", "disconnect_called"))
            self.assertEqual(client.exit_code(), 0)

    def test_the_session_tells_when_it_expires(self):
        with Gateway("--token", "t", "--session-ttl", "100") as gateway, connect(gateway, "--token", "t") as client:
            session = client.expect(event="session")
            self.assertEqual(session["kind"], "auth")
            self.assertGreater(session["expires_ms"], 1_600_000_000_000)

    def test_heartbeats_tell_the_round_trip(self):
        config = '{"heartbeat":{"interval_ms":50}}'
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--config", config) as client:
            for _ in range(3):
                self.assertGreater(client.expect(event="heartbeat", origin="local")["rtt_us"], 0)

    def test_it_ends_with_its_counters(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--duration", "0.2") as client:
            stats = client.expect(event="stats")
            self.assertEqual((stats["state"], stats["sessions"], stats["connects"]), ("closed", 1, 1))
            self.assertIsNone(client.next_event())

    def test_it_comes_back_with_its_session(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
            client.expect(event="state", state="ready")
            gateway.write("close HeartbeatTimeout")
            self.assertTrue(client.expect(event="close", code=0, origin="peer")["will_reconnect"])
            client.expect(event="session", kind="reconnect")


class Tokens(unittest.TestCase):
    def test_each_need_of_one_is_told(self):
        with Gateway("--token", "good") as gateway:
            with connect(gateway, "--token", "bad", "--token", "good") as client:
                client.expect(event="token")
                close = client.expect(event="close", code=4)
                self.assertEqual(close["name"], "AuthError")
                client.expect(event="token")
                client.expect(event="session", kind="auth")

    def test_standard_input_follows_the_command_line(self):
        with Gateway("--token", "good") as gateway, connect(gateway, "--token", "bad") as client:
            client.write("")
            client.write("good")
            client.expect(event="session", kind="auth")

    def test_standard_input_may_come_late(self):
        with Gateway("--token", "good") as gateway, connect(gateway) as client:
            client.expect(event="token")
            client.write("good")
            client.expect(event="session", kind="auth")

    def test_none_left_is_a_failure_at_once(self):
        with Gateway("--token", "good") as gateway:
            with connect(gateway, "--token", "bad", stdin=subprocess.DEVNULL) as client:
                self.assertEqual(client.exit_code(), 1)
                self.assertIn("no token left", client.error_text())

    def test_two_refused_in_a_row_are_the_end(self):
        with Gateway("--token", "good") as gateway:
            with connect(gateway, "--token", "bad", "--token", "worse", "--token", "worst") as client:
                client.expect(event="state", state="failed")
                self.assertEqual(client.exit_code(), 1)
                self.assertIn("failed", client.error_text())

    def test_a_url_may_follow_a_token(self):
        with Gateway("--token", "t") as gateway:
            with Lbwire("connect", "--json", "--token", "t", gateway.url) as client:
                client.expect(event="session")


class Secrets(unittest.TestCase):
    def test_neither_token_nor_session_id_is_printed(self):
        with Gateway("--token", "hush-token") as gateway:
            with connect(gateway, "--token", "hush-token", "--duration", "0.2") as client:
                client.drain()
                self.assertEqual(client.exit_code(), 0)
                self.assertNotIn("hush-token", json.dumps(client.seen) + client.error_text())
                self.assertNotIn("session_id", json.dumps(client.seen))

    def test_show_secrets_shows_the_session_id(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--show-secrets") as client:
            self.assertRegex(client.expect(event="session")["session_id"], r"\S{16,}")


class End(unittest.TestCase):
    def test_signals_end_it_well(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t") as client:
                client.expect(event="state", state="ready")
                client.interrupt(number)
                client.expect(event="state", state="closed")
                self.assertEqual(client.exit_code(), 0)

    def test_a_session_taken_over_is_a_failure(self):
        with Gateway("--token", "t") as gateway, connect(gateway, "--token", "t", "--show-secrets") as first:
            session = first.expect(event="session")
            first.expect(event="state", state="ready")
            config = {"session": {key: session[key] for key in ("session_id", "expires_ms")}}
            with connect(gateway, "--config", json.dumps(config)) as second:
                second.expect(event="session", kind="reconnect")
                close = first.expect(event="close")
                self.assertEqual((close["code"], close["name"], close["origin"], close["will_reconnect"]),
                                 (6, "ConnectDuplicate", "peer", False))
                self.assertEqual(first.exit_code(), 1)
                self.assertIn("ConnectDuplicate", first.error_text())

    def test_nobody_there_is_a_failure_after_the_duration(self):
        with Gateway() as gateway:
            url = gateway.url
        with Lbwire("connect", url, "--json", "--token", "t", "--duration", "0.3") as client:
            client.expect(event="state", state="backing_off")
            self.assertEqual(client.exit_code(), 1)
            self.assertIn("no session", client.error_text())

    def test_a_closed_standard_output_ends_it_quietly(self):
        config = '{"heartbeat":{"interval_ms":50}}'
        with Gateway("--token", "t") as gateway:
            read_end, write_end = os.pipe()
            client = subprocess.Popen([CLI, "connect", gateway.url, "--json", "--token", "t", "--config", config],
                                      stdin=subprocess.DEVNULL, stdout=write_end, stderr=subprocess.PIPE)
            os.close(write_end)
            os.close(read_end)
            try:
                _, errors = client.communicate(timeout=DEADLINE)
            finally:
                client.kill()
            self.assertEqual((client.returncode, errors), (0, b""))


class Text(unittest.TestCase):
    def test_people_get_lines_with_the_time(self):
        with Gateway("--token", "t") as gateway:
            done = run("connect", gateway.url, "--token", "t", "--duration", "0.2", check=0)
            self.assertRegex(done.stdout, r"(?m)^\d\d:\d\d:\d\d\.\d{3}  session   began by token")
            self.assertRegex(done.stdout, r"(?m)^\d\d:\d\d:\d\d\.\d{3}  total ")
            self.assertNotIn("\x1b", done.stdout)

    def test_a_push_cannot_act_on_the_terminal(self):
        with Gateway("--token", "t") as gateway:
            gateway.process.stdin.reconfigure(errors="surrogateescape")
            with subprocess.Popen([CLI, "connect", gateway.url, "--token", "t"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as client:
                gateway.expect(event="session")
                gateway.write("push 101 \x1b[2J")
                gateway.write("push 102 plain")
                gateway.expect(event="command", cmd=102)
                text = ""
                for line in client.stdout:
                    text += line
                    if "cmd 102" in line:
                        break
                client.terminate()
            self.assertIn("cmd 101: 1b5b324a", text)
            self.assertIn('cmd 102: "plain"', text)
            self.assertNotIn("\x1b", text)


if __name__ == "__main__":
    unittest.main()
