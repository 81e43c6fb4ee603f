"""The command line itself: help, version, and what is refused as wrong use."""

import json
import os
import tempfile
import unittest

from process import run

COMMANDS = ["demo", "gateway", "connect", "decode", "encode", "schema"]


class Help(unittest.TestCase):
    def test_help_names_every_command(self):
        text = run("--help", check=0).stdout
        for command in COMMANDS:
            self.assertIn(command, text)

    def test_help_of_each_command_has_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = run(command, "--help", check=0).stdout
                self.assertIn("Example", text)
                self.assertIn("lbwire " + command, text)

    def test_version(self):
        self.assertRegex(run("--version", check=0).stdout, r"^lbwire \d+\.\d+\.\d+\n$")

    def test_schema_is_json_with_both_configurations(self):
        schema = json.loads(run("schema", check=0).stdout)
        self.assertIn("client", schema["$defs"])
        self.assertIn("gateway", schema["$defs"])


class WrongUse(unittest.TestCase):
    def refused(self, *args):
        done = run(*args, check=2)
        self.assertNotEqual(done.stderr + done.stdout, "")
        return done.stderr

    def test_no_command(self):
        self.refused()

    def test_unknown_command(self):
        self.refused("frobnicate")

    def test_unknown_option(self):
        self.refused("gateway", "--frobnicate")

    def test_connect_without_url(self):
        self.assertIn("URL", self.refused("connect", "--token", "t"))

    def test_connect_to_what_is_no_url(self):
        self.refused("connect", "not a url", "--token", "t")

    def test_negative_duration(self):
        self.refused("connect", "tcp://127.0.0.1:1", "--duration", "-1")

    def test_protocol_version_that_does_not_exist(self):
        self.refused("decode", "--version", "3")

    def test_session_ttl_of_nothing(self):
        self.refused("gateway", "--session-ttl", "0")

    def test_config_that_is_no_json(self):
        text = self.refused("connect", "tcp://127.0.0.1:1", "--config", '{"token":"hush" ')
        self.assertIn("--config", text)
        self.assertNotIn("hush", text)

    def test_config_that_is_no_object(self):
        self.refused("gateway", "--config", "[]")

    def test_config_file_that_is_not_there(self):
        self.assertIn("no-such-file", self.refused("gateway", "--config", "@no-such-file"))

    def test_unknown_key_is_named(self):
        self.assertIn("hartbeat", self.refused("gateway", "--config", '{"hartbeat":{}}'))

    def test_unknown_key_in_a_file_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "config.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write('{"heartbeat":{"interval":1}}')
            self.assertIn("heartbeat.interval", self.refused("gateway", "--config", "@" + path))


if __name__ == "__main__":
    unittest.main()
