"""decode and encode: every golden packet both ways, and lines that are no packets."""

import json
import os
import unittest

from process import DATA, run

FIELDS = {
    "version": 1, "type": "", "cmd": 0, "request_id": 0, "timeout_ms": 0, "status": 0, "gzip": False,
    "verify": False, "nonce": "0", "signature_hex": "", "metadata": {}, "body_hex": "", "packet_hex": "",
}


def golden(version):
    with open(os.path.join(DATA, "packets.jsonl"), encoding="utf-8") as file:
        packets = [json.loads(line) for line in file]
    return [packet for packet in packets if packet["version"] == version]


def fields(packet):
    """With what is absent filled in: it is zero or empty."""
    values = {name: packet.get(name, default) for name, default in FIELDS.items()}
    if not values["verify"]:
        values["nonce"], values["signature_hex"] = "0", ""
    return values


def decode(lines, version=1, check=0):
    text = "".join(line + "\n" for line in lines)
    done = run("decode", "--version", str(version), stdin=text, check=check)
    return [json.loads(line) for line in done.stdout.splitlines()]


def encode(objects, version=1, check=0):
    text = "".join((o if isinstance(o, str) else json.dumps(o)) + "\n" for o in objects)
    return run("encode", "--version", str(version), stdin=text, check=check)


class Golden(unittest.TestCase):
    def test_decoding_gives_the_fields(self):
        for version in (1, 2):
            packets = golden(version)
            self.assertGreater(len(packets), 40)
            decoded = decode([packet["packet_hex"] for packet in packets], version)
            self.assertEqual(len(decoded), len(packets))
            for expected, got in zip(packets, decoded):
                with self.subTest(expected["name"], version=version):
                    self.assertEqual(fields(got), fields(expected))

    def test_encoding_the_fields_gives_the_packet(self):
        for version in (1, 2):
            packets = [packet for packet in golden(version) if not packet["gzip"]]
            lines = encode([{k: v for k, v in p.items() if k != "packet_hex"} for p in packets]).stdout.split()
            for expected, got in zip(packets, lines, strict=True):
                with self.subTest(expected["name"], version=version):
                    self.assertEqual(got, expected["packet_hex"])

    def test_a_compressed_packet_survives_encoding_and_decoding(self):
        for version in (1, 2):
            packets = [packet for packet in golden(version) if packet["gzip"]]
            lines = encode(packets, version).stdout.split()
            for expected, got in zip(packets, decode(lines, version), strict=True):
                with self.subTest(expected["name"], version=version):
                    self.assertEqual(fields(got) | {"packet_hex": ""}, fields(expected) | {"packet_hex": ""})


class Control(unittest.TestCase):
    def test_a_control_body_is_spelled_out(self):
        [close] = decode(["030000000708061203647570"])
        self.assertEqual(close["control"]["code"], 6)
        self.assertEqual(close["control"]["name"], "ConnectDuplicate")
        self.assertEqual(close["control"]["reason"], "dup")

    def test_control_gives_the_body_where_body_hex_is_absent(self):
        packet = decode(["030000000708061203647570"])[0]
        del packet["body_hex"]
        self.assertEqual(encode([packet]).stdout, "030000000708061203647570\n")

    def test_a_business_command_has_none(self):
        [push] = decode(["0365000003616263"])
        self.assertNotIn("control", push)


class Unreadable(unittest.TestCase):
    def test_decode_goes_on_after_a_line_that_is_no_packet(self):
        lines = decode(["zz", "0300", "03000000020806", "", "030000000208", "0300000002080600"], check=1)
        self.assertEqual([("error" in line) for line in lines], [True, True, False, True, True, True])
        for line in lines:
            if "error" in line:
                self.assertIsInstance(line["offset"], int)
                self.assertNotEqual(line["error"], "")
        self.assertEqual(lines[5]["offset"], 7)

    def test_the_offset_of_a_wrong_digit_counts_bytes(self):
        self.assertEqual(decode(["0300x0"], check=1)[0]["offset"], 2)

    def test_hex_may_be_in_upper_case_with_blanks_and_a_carriage_return(self):
        [packet] = decode(["03 00 00 00 02 08 0A\r"])
        self.assertEqual(packet["body_hex"], "080a")

    def test_the_last_line_needs_no_end(self):
        self.assertEqual(json.loads(run("decode", stdin="0365000000", check=0).stdout)["cmd"], 101)

    def test_no_line_at_all(self):
        self.assertEqual(run("decode", check=0).stdout, "")
        self.assertEqual(run("encode", check=0).stdout, "")

    def test_encode_keeps_lines_in_step_and_tells_standard_error(self):
        good = {"type": "push", "cmd": 101, "body_hex": "00"}
        done = encode(["{", good, "[]", {"type": "nonsense", "cmd": 1}, good], check=1)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 5)
        self.assertEqual([lines[1], lines[4]], ["036500000100"] * 2)
        for bad in (lines[0], lines[2], lines[3]):
            self.assertIn("error", json.loads(bad))
            self.assertIn("offset", json.loads(bad))
        self.assertIn("line 1:", done.stderr)
        self.assertIn("line 4:", done.stderr)

    def test_a_large_packet(self):
        body = "ab" * 1_000_000
        [packet] = decode(["0365" + f"{1_000_000:06x}" + body])
        self.assertEqual(packet["body_hex"], body)
        self.assertEqual(encode([packet]).stdout.strip(), packet["packet_hex"])


if __name__ == "__main__":
    unittest.main()
