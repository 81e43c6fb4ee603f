"""A client of the gateway without the library: a socket, and packets of protocol version 1 put together by hand."""

import socket
import struct

from process import DEADLINE

CLOSE, HEARTBEAT, AUTH = 0, 1, 2
REQUEST, RESPONSE, PUSH = 1, 2, 3


class RawPeer:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self.socket.sendall(b"\x11\x09")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, cmd, request_id, body):
        header = struct.pack(">BBIH", REQUEST, cmd, request_id, 10000)
        self.socket.sendall(header + len(body).to_bytes(3, "big") + body)

    def authenticate(self, token):
        self.request(AUTH, 1, b"\x0a" + bytes([len(token)]) + token.encode())
        kind, cmd, status, _ = self.receive()
        assert (kind, cmd) == (RESPONSE, AUTH)
        return status

    def receive(self):
        """The next packet: type, cmd, status (0 for what has none), body."""
        kind, cmd = self._exactly(2)
        kind &= 15
        rest = self._exactly({REQUEST: 9, RESPONSE: 8, PUSH: 3}[kind])
        status = rest[4] if kind == RESPONSE else 0
        return kind, cmd, status, self._exactly(int.from_bytes(rest[-3:], "big"))

    def receive_business(self):
        """The next packet that is no control packet."""
        while True:
            packet = self.receive()
            if packet[1] > 3:
                return packet

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data
