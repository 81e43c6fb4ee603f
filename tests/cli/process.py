"""A lbwire process under test: its lines come by a queue, and every wait has a deadline."""

import json
import os
import queue
import signal
import subprocess
import threading
import time

CLI = os.environ["LBWIRE_CLI"]
DATA = os.environ.get("LBWIRE_TEST_DATA", "")

# Sanitizers make everything several times slower.
DEADLINE = float(os.environ.get("LBWIRE_TEST_DEADLINE", "30"))


def run(*args, stdin="", check=None):
    """Runs the command to its end; stdin is text. Returns the CompletedProcess."""
    done = subprocess.run([CLI, *args], input=stdin, capture_output=True, text=True, timeout=DEADLINE * 2)
    if check is not None and done.returncode != check:
        raise AssertionError(f"{args}: exit code {done.returncode}, expected {check}\n{done.stdout}\n{done.stderr}")
    return done


def matches(event, pattern):
    return all(event.get(key) == value for key, value in pattern.items())


class Lbwire:
    """A running command with --json. Use it in a with statement: at its end the process is gone."""

    def __init__(self, *args, stdin=subprocess.PIPE):
        self.process = subprocess.Popen(
            [CLI, *args], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)
        self.lines = queue.Queue()
        self.seen = []
        self.errors = []
        self.readers = [
            threading.Thread(target=self._read_output, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass

    def _read_output(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line)

    def next_event(self, until=None):
        """The next line as an object, None at the end of the output."""
        until = until or time.monotonic() + DEADLINE
        try:
            line = self.lines.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"no line in time; until now: {self.seen}, {self.errors}") from None
        if line is None:
            return None
        event = json.loads(line)
        self.seen.append(event)
        return event

    def expect(self, **pattern):
        """Reads on to the first event that has these keys with these values."""
        until = time.monotonic() + DEADLINE
        while True:
            event = self.next_event(until)
            if event is None:
                raise AssertionError(f"{pattern} did not come; all there was: {self.seen}, {self.errors}")
            if matches(event, pattern):
                return event

    def drain(self):
        """Reads to the end of the output."""
        while self.next_event() is not None:
            pass
        return self.seen

    def write(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def interrupt(self, number=signal.SIGINT):
        self.process.send_signal(number)

    def exit_code(self):
        """Waits for the end; its standard error is complete then."""
        code = self.process.wait(timeout=DEADLINE)
        self.readers[1].join(timeout=DEADLINE)
        return code

    def error_text(self):
        return "".join(self.errors)


class Gateway(Lbwire):
    """lbwire gateway on a port that the system chose."""

    def __init__(self, *args, stdin=subprocess.PIPE):
        super().__init__("gateway", "--json", "--tcp", "127.0.0.1:0", *args, stdin=stdin)
        self.first = self.next_event()
        if self.first is None:
            raise AssertionError(f"the gateway did not start: {self.errors}")
        self.address = self.first["tcp"]
        self.url = "tcp://" + self.address
        self.port = int(self.address.rsplit(":", 1)[1])


def connect(gateway, *args, **kwargs):
    return Lbwire("connect", gateway.url, "--json", *args, **kwargs)
