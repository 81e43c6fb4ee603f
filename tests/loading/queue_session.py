"""queue_session.py LIBRARY: a session in one Python thread, both ends with queue delivery."""

import json
import sys

import lbwire_ctypes as lbw


def main():
    lib = lbw.Library(sys.argv[1])
    gateway = lib.create(
        lib.gateway_create, json.dumps({"tcp": "127.0.0.1:0", "tokens": ["t"], "delivery": "queue"}))
    lib.check(lib.gateway_start(gateway))
    url = "tcp://" + lib.address(gateway)
    client = lib.create(lib.client_create, json.dumps({"url": url, "token": "t", "delivery": "queue"}))

    # Whichever end is waited for, the gateway is polled, and echoes what it is asked.
    served = []

    def serve():
        event = lib.poll(lib.gateway_poll, gateway, 5)
        if event is not None and event.type == lbw.EVENT_REQUEST:
            lib.check(lib.gateway_respond(
                gateway, event.connection, event.request_id, 0, event.body, len(event.body)))
        return event

    def poll_client():
        event = serve()
        if event is not None:
            served.append(event)
        return lib.poll(lib.client_poll, client, 5)

    at_client = lbw.Inbox(poll_client)
    at_gateway = lbw.Inbox(lambda: served.pop(0) if served else serve())

    lib.check(lib.client_connect(client))
    at_client.take(type=lbw.EVENT_STATE, state=lbw.STATE_READY)
    session = at_client.take(type=lbw.EVENT_SESSION)
    assert len(session.session_id) == session.session_id_len > 0
    connection = at_gateway.take(type=lbw.EVENT_SESSION).connection

    state = lbw.c_int32()
    lib.check(lib.client_state(client, lbw.byref(state)))
    assert state.value == lbw.STATE_READY, state

    question = b"over \0 there"
    request = lbw.c_uint64()
    lib.check(lib.client_request(
        client, 30, question, len(question), 5000, lbw.ResponseFn(), None, lbw.byref(request)))
    answer = at_client.take(type=lbw.EVENT_RESPONSE)
    assert (answer.request, answer.result, answer.response_status) == (request.value, lbw.OK, 0), answer
    assert (answer.cmd, answer.body) == (30, question), answer

    lib.check(lib.gateway_push(gateway, connection, 101, b"pushed", 6))
    push = at_client.take(type=lbw.EVENT_PUSH)
    assert (push.cmd, push.body) == (101, b"pushed"), push

    lib.check(lib.client_disconnect(client))
    close = at_client.take(type=lbw.EVENT_CLOSE)
    assert (close.code, close.will_reconnect) == (lbw.CLOSE_DISCONNECTED, 0), close
    at_client.take(type=lbw.EVENT_STATE, state=lbw.STATE_CLOSED)
    at_gateway.take(type=lbw.EVENT_CLOSE, connection=connection)

    lib.check(lib.client_destroy(client))
    assert lib.client_destroy(client) == lbw.ERR_INVALID_HANDLE
    lib.check(lib.gateway_stop(gateway))
    at_gateway.take(type=lbw.EVENT_STOPPED)
    lib.check(lib.gateway_destroy(gateway))
    print(f"lbwire {lib.version().decode()}: session, request, push and close by queue")


main()
