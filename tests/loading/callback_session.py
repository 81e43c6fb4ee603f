"""callback_session.py LIBRARY: a session in Python, whose handlers the library calls on its own threads."""

import json
import queue
import sys
from types import SimpleNamespace

import lbwire_ctypes as lbw


class Journal:
    """What the handlers of one end were called with."""

    def __init__(self):
        self.events = queue.Queue()

    def keep(self, handle, event, user):
        self.events.put(lbw.record(event.contents))

    def released(self, user):
        self.events.put(SimpleNamespace(released=user))

    def inbox(self):
        def receive():
            try:
                return self.events.get(timeout=0.1)
            except queue.Empty:
                return None

        return lbw.Inbox(receive)


def main():
    lib = lbw.Library(sys.argv[1])
    gateway_journal, client_journal = Journal(), Journal()
    at_gateway, at_client = gateway_journal.inbox(), client_journal.inbox()

    def echo(gateway, event, user):
        request = lbw.record(event.contents)
        return lib.gateway_respond(gateway, request.connection, request.request_id, 0, request.body, len(request.body))

    # ctypes keeps no reference to a callback: these names do, until the handles are released.
    on_joined = lbw.SessionFn(gateway_journal.keep)
    on_request = lbw.RequestFn(echo)
    on_gateway_released = lbw.ReleasedFn(gateway_journal.released)
    on_state = lbw.StateFn(client_journal.keep)
    on_session = lbw.SessionFn(client_journal.keep)
    on_close = lbw.CloseFn(client_journal.keep)
    on_push = lbw.PushFn(client_journal.keep)
    on_response = lbw.ResponseFn(client_journal.keep)
    on_released = lbw.ReleasedFn(client_journal.released)

    gateway = lib.create(lib.gateway_create, json.dumps({"tcp": "127.0.0.1:0", "tokens": ["t"]}))
    lib.check(lib.gateway_on_session(gateway, on_joined, None))
    lib.check(lib.gateway_on_request(gateway, on_request, None))
    lib.check(lib.gateway_on_released(gateway, on_gateway_released, 2))
    lib.check(lib.gateway_start(gateway))

    url = "tcp://" + lib.address(gateway)
    client = lib.create(lib.client_create, json.dumps({"url": url, "token": "t"}))
    lib.check(lib.client_on_state(client, on_state, None))
    lib.check(lib.client_on_session(client, on_session, None))
    lib.check(lib.client_on_close(client, on_close, None))
    lib.check(lib.client_on_push(client, on_push, None))
    lib.check(lib.client_on_released(client, on_released, 1))
    lib.check(lib.client_connect(client))
    at_client.take(type=lbw.EVENT_SESSION)
    at_client.take(type=lbw.EVENT_STATE, state=lbw.STATE_READY)
    connection = at_gateway.take(type=lbw.EVENT_SESSION).connection

    request = lbw.c_uint64()
    lib.check(lib.client_request(client, 30, b"hello", 5, 5000, on_response, 78, lbw.byref(request)))
    answer = at_client.take(type=lbw.EVENT_RESPONSE)
    assert (answer.request, answer.result, answer.body) == (request.value, lbw.OK, b"hello"), answer
    assert answer.user == 78, answer

    lib.check(lib.gateway_push(gateway, connection, 101, b"pushed", 6))
    push = at_client.take(type=lbw.EVENT_PUSH)
    assert (push.cmd, push.body) == (101, b"pushed"), push

    lib.check(lib.client_disconnect(client))
    close = at_client.take(type=lbw.EVENT_CLOSE)
    assert (close.code, close.will_reconnect) == (lbw.CLOSE_DISCONNECTED, 0), close
    lib.check(lib.client_destroy(client))
    at_client.take(released=1)
    lib.check(lib.gateway_destroy(gateway))
    at_gateway.take(released=2)
    print(f"lbwire {lib.version().decode()}: session, request, push and close by callback")


main()
