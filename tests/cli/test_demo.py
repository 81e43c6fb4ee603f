"""lbwire demo: the whole story happens, and is told."""

import json
import time
import unittest

from process import run

CLOSES = ["HeartbeatTimeout", "ServerError", "ServerShutdown", "UnpackError", "AuthError", "SessExpired",
          "ConnectDuplicate"]


class Demo(unittest.TestCase):
    def test_the_seven_closes_are_told_to_people(self):
        text = run("demo", check=0).stdout
        for code, name in enumerate(CLOSES):
            self.assertIn(f"reads Close {code} {name}", text)
            self.assertIn(f"✔ {code} {name}", text)
        self.assertNotIn("✘", text)

    def test_each_step_is_an_object(self):
        began = time.monotonic()
        steps = [json.loads(line) for line in run("demo", "--json", check=0).stdout.splitlines()]
        self.assertLess(time.monotonic() - began, 60)
        summary = steps.pop()
        self.assertEqual((summary["event"], summary["ok"], summary["closes"]), ("summary", True, 7))
        self.assertEqual([step["step"] for step in steps], list(range(1, len(steps) + 1)))
        self.assertTrue(all(step["ok"] for step in steps))
        closes = {step["code"]: step for step in steps if "code" in step}
        self.assertEqual([closes[code]["close"] for code in range(7)], CLOSES)
        self.assertTrue(all(close["origin"] == "peer" for close in closes.values()))


if __name__ == "__main__":
    unittest.main()
