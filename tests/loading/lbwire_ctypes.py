"""lbwire.h in ctypes, as far as the tests of this folder call it."""

import ctypes
import time
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from types import SimpleNamespace

OK, ERR_INVALID_HANDLE, ERR_TIMEOUT = 0, -1, -6
STATE_READY, STATE_CLOSED = 3, 5
(EVENT_STATE, EVENT_SESSION, EVENT_CLOSE, EVENT_HEARTBEAT, EVENT_PUSH, EVENT_RESPONSE) = range(1, 7)
EVENT_REQUEST, EVENT_STOPPED = 12, 13
CLOSE_DISCONNECTED = -2


def struct(name, *fields):
    """An event struct: size and type come first in each."""
    return type(name, (ctypes.Structure,), {"_fields_": [("size", c_uint32), ("type", c_uint32), *fields]})


Header = struct("Header")
StateEvent = struct(
    "StateEvent",
    ("state", c_int32), ("previous", c_int32), ("cause", c_int32),
    ("attempt", c_uint32), ("delay_ms", c_uint32), ("detail_len", c_uint32), ("detail", c_char_p))
SessionEvent = struct(
    "SessionEvent",
    ("connection", c_uint64), ("kind", c_int32), ("requests_lost", c_uint32), ("expires_ms", c_int64),
    ("limit", c_uint32), ("online", c_uint32), ("session_id_len", c_uint32), ("peer_len", c_uint32),
    ("session_id", c_char_p), ("peer", c_char_p))
CloseEvent = struct(
    "CloseEvent",
    ("connection", c_uint64), ("code", c_int32), ("origin", c_int32), ("will_reconnect", c_int32),
    ("requests_lost", c_uint32), ("name_len", c_uint32), ("reason_len", c_uint32),
    ("name", c_char_p), ("reason", c_char_p))
PushEvent = struct(
    "PushEvent",
    ("cmd", c_uint8), ("reserved", c_uint8 * 3), ("body_len", c_uint32), ("body", c_void_p))
ResponseEvent = struct(
    "ResponseEvent",
    ("request", c_uint64), ("result", c_int32), ("cmd", c_uint8), ("response_status", c_uint8),
    ("reserved", c_uint8 * 2), ("body_len", c_uint32), ("error_msg_len", c_uint32), ("body", c_void_p),
    ("error_code", c_uint64), ("error_msg", c_char_p), ("user", c_void_p))
RequestEvent = struct(
    "RequestEvent",
    ("connection", c_uint64), ("request_id", c_uint32), ("timeout_ms", c_uint32), ("cmd", c_uint8),
    ("reserved", c_uint8 * 3), ("body_len", c_uint32), ("body", c_void_p))

EVENTS = {
    EVENT_STATE: StateEvent, EVENT_SESSION: SessionEvent, EVENT_CLOSE: CloseEvent, EVENT_PUSH: PushEvent,
    EVENT_RESPONSE: ResponseEvent, EVENT_REQUEST: RequestEvent,
}

ReleasedFn = ctypes.CFUNCTYPE(None, c_void_p)


def handler(event, result=None):
    """The type of a handler of this event."""
    return ctypes.CFUNCTYPE(result, c_uint64, POINTER(event), c_void_p)


StateFn, SessionFn, CloseFn = handler(StateEvent), handler(SessionEvent), handler(CloseEvent)
PushFn, ResponseFn, RequestFn = handler(PushEvent), handler(ResponseEvent), handler(RequestEvent, c_int32)

SIGNATURES = {
    "lbw_status_name": (c_char_p, c_int32),
    "lbw_version": (c_char_p,),
    "lbw_last_error": (c_int32, c_char_p, c_size_t, POINTER(c_size_t)),
    "lbw_client_create": (c_int32, c_char_p, POINTER(c_uint64)),
    "lbw_client_on_state": (c_int32, c_uint64, StateFn, c_void_p),
    "lbw_client_on_session": (c_int32, c_uint64, SessionFn, c_void_p),
    "lbw_client_on_close": (c_int32, c_uint64, CloseFn, c_void_p),
    "lbw_client_on_push": (c_int32, c_uint64, PushFn, c_void_p),
    "lbw_client_on_released": (c_int32, c_uint64, ReleasedFn, c_void_p),
    "lbw_client_connect": (c_int32, c_uint64),
    "lbw_client_disconnect": (c_int32, c_uint64),
    "lbw_client_destroy": (c_int32, c_uint64),
    "lbw_client_request": (
        c_int32, c_uint64, c_uint8, c_char_p, c_size_t, c_uint32, ResponseFn, c_void_p, POINTER(c_uint64)),
    "lbw_client_state": (c_int32, c_uint64, POINTER(c_int32)),
    "lbw_client_poll": (c_int32, c_uint64, POINTER(c_void_p), c_int32),
    "lbw_gateway_create": (c_int32, c_char_p, POINTER(c_uint64)),
    "lbw_gateway_on_session": (c_int32, c_uint64, SessionFn, c_void_p),
    "lbw_gateway_on_request": (c_int32, c_uint64, RequestFn, c_void_p),
    "lbw_gateway_on_released": (c_int32, c_uint64, ReleasedFn, c_void_p),
    "lbw_gateway_start": (c_int32, c_uint64),
    "lbw_gateway_address": (c_int32, c_uint64, c_char_p, c_size_t, POINTER(c_size_t)),
    "lbw_gateway_stop": (c_int32, c_uint64),
    "lbw_gateway_destroy": (c_int32, c_uint64),
    "lbw_gateway_respond": (c_int32, c_uint64, c_uint64, c_uint32, c_uint8, c_char_p, c_size_t),
    "lbw_gateway_push": (c_int32, c_uint64, c_uint64, c_uint8, c_char_p, c_size_t),
    "lbw_gateway_poll": (c_int32, c_uint64, POINTER(c_void_p), c_int32),
}


class Library:
    """The loaded library; its methods are the functions without `lbw_`."""

    def __init__(self, path):
        loaded = ctypes.CDLL(path)
        for name, (result, *arguments) in SIGNATURES.items():
            function = getattr(loaded, name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name.removeprefix("lbw_"), function)

    def check(self, status):
        """Fails with the name and the detail of a status that is an error."""
        if status != OK:
            detail = ctypes.create_string_buffer(512)
            self.last_error(detail, len(detail), None)
            raise AssertionError(f"{self.status_name(status).decode()}: {detail.value.decode()}")

    def create(self, function, config):
        handle = c_uint64()
        self.check(function(config.encode(), byref(handle)))
        return handle.value

    def address(self, gateway):
        text = ctypes.create_string_buffer(64)
        self.check(self.gateway_address(gateway, text, len(text), None))
        return text.value.decode()

    def poll(self, poll, handle, timeout_ms):
        """The next event as a record, or None if none came."""
        event = c_void_p()
        status = poll(handle, byref(event), timeout_ms)
        if status == ERR_TIMEOUT:
            return None
        self.check(status)
        kind = EVENTS.get(Header.from_address(event.value).type, Header)
        return record(kind.from_address(event.value))


def record(event):
    """A copy of an event that outlives it: its fields, and the body that it points to."""
    assert event.size >= ctypes.sizeof(event), f"event {event.type} has {event.size} bytes"
    fields = {name: getattr(event, name) for name, _ in event._fields_}
    if "body" in fields:
        fields["body"] = ctypes.string_at(event.body, event.body_len)
    return SimpleNamespace(**fields)


class Inbox:
    """Events in the order in which they came; take() finds one by what it says, wherever it stands."""

    def __init__(self, receive):
        self.receive = receive  # gives the next event, or None after a moment without one
        self.events = []

    def take(self, **wanted):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for event in self.events:
                if all(getattr(event, name, None) == value for name, value in wanted.items()):
                    self.events.remove(event)
                    return event
            event = self.receive()
            if event is not None:
                self.events.append(event)
        raise AssertionError(f"{wanted} did not come; what came: {self.events}")
