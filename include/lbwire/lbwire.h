/* lbwire: authenticated sessions over the Longbridge socket protocol, both ends, for programs in any language.
 *
 * Conventions, kept by every function here:
 *
 *   Status    Every function that can fail returns lbw_status: LBW_OK (0), or a negative LBW_ERR_*. Numbers are never
 *             reused. lbw_last_error() gives the detail of this thread's last failed call.
 *   Handles   lbw_client and lbw_gateway are numbers, not pointers. 0 is never valid; every handle is below 2^53, so
 *             a JavaScript number or a spreadsheet cell holds it exactly. A stale, foreign, made-up or already
 *             destroyed handle gives LBW_ERR_INVALID_HANDLE, never a crash.
 *   Threads   Every function may be called from any thread at any time, from inside a callback too, except where its
 *             comment says otherwise. No function waits for the network; lbw_client_poll and lbw_gateway_poll wait up
 *             to their timeout for an event.
 *   Text      UTF-8. Text and bytes that go in are a pointer and a length, or a NUL-terminated string where there is
 *             no length; the library copies what it keeps. Text that comes out by event is a pointer and a length, and
 *             NUL-terminated besides.
 *   Buffers   Functions that fill a caller's text buffer take (buf, cap, len). They write at most cap bytes, the NUL
 *             included, and set *len (may be NULL) to the length of the whole text without the NUL. If it does not fit
 *             they return LBW_ERR_BUFFER_TOO_SMALL and write nothing but an empty string; buf may be NULL if cap is 0.
 *   Memory    Nothing that the library allocates is ever freed by the caller. What an event points to is valid until
 *             the callback returns, or, with queue delivery, until the next poll or destroy of the same handle.
 *   Time      Durations are milliseconds (_ms) or microseconds (_us); absolute times are Unix time in milliseconds.
 *   Structs   Every struct starts with its size in bytes. The library writes it in events, the caller in structs that
 *             it passes; later versions only append fields.
 *   Events    By callback on a thread of the library (the default), or by queue: config "delivery": "queue", then
 *             lbw_client_poll. The events of one client, or of one connection of a gateway, never overlap and come in
 *             order. A callback that takes long delays every client on the same loop; its own peer is held back by TCP
 *             meanwhile. A callback must not throw, panic or longjmp through the library.
 *   fork      After fork() in a process that used the library, every call with a handle, and every create, gives
 *             LBW_ERR_FORKED in the child. A child
 *             that execs, or a process that forks before its first create, is not concerned.
 *   Process   The library installs no signal handler, raises no SIGPIPE, prints nothing, and stays loaded after
 *             dlclose, since its threads may still be on their way out.
 */
#ifndef LBWIRE_LBWIRE_H
#define LBWIRE_LBWIRE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(LBWIRE_BUILD)
#define LBW_API __declspec(dllexport)
#else
#define LBW_API __declspec(dllimport)
#endif
#else
#define LBW_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---------------------------------------------------------------------------------------------------- */

/* The ABI that this header describes. It grows when functions or fields are added; a library whose lbw_abi_version()
 * is at least the one that a program was built with serves it. */
#define LBW_ABI_VERSION 1

/* The ABI version of the library that is loaded. */
LBW_API uint32_t lbw_abi_version(void);

/* The library's release, as in "0.1.0". Static text. */
LBW_API const char *lbw_version(void);

/* ---- Status ----------------------------------------------------------------------------------------------------- */

typedef int32_t lbw_status;

enum {
  LBW_OK = 0,
  LBW_ERR_INVALID_HANDLE = -1,    /* no such client or gateway: never was, or destroyed */
  LBW_ERR_INVALID_ARGUMENT = -2,  /* a NULL or out-of-range argument; the detail names it */
  LBW_ERR_INVALID_CONFIG = -3,    /* the detail names the key: "reconnect.max_ms: ..." */
  LBW_ERR_INVALID_STATE = -4,     /* the call does not fit what the handle is doing, e.g. a handler set after connect */
  LBW_ERR_NOT_READY = -5,         /* a request while no session is ready, with "requests.when_not_ready": "fail" */
  LBW_ERR_TIMEOUT = -6,           /* no answer, or no event, in time */
  LBW_ERR_CANCELLED = -7,         /* cancelled by the host, or the client was disconnected or destroyed by the host */
  LBW_ERR_DISCONNECTED = -8,      /* the connection ended before the answer came */
  LBW_ERR_QUEUE_FULL = -9,        /* a send queue or the table of requests in flight is full: wait for on_writable */
  LBW_ERR_TOO_LARGE = -10,        /* a body over the protocol's 16777215 bytes, or over a configured limit */
  LBW_ERR_BUFFER_TOO_SMALL = -11, /* *len tells how much is needed */
  LBW_ERR_NOT_FOUND = -12,        /* no such connection, request or session (any more) */
  LBW_ERR_NETWORK = -13,          /* the operating system refused: an address in use, no descriptors left, ... */
  LBW_ERR_MALFORMED = -14,        /* bytes or text that cannot be parsed */
  LBW_ERR_FORKED = -15,           /* called in a child of fork() */
  LBW_ERR_BUSY = -16,             /* another thread is inside poll with this handle */
  LBW_ERR_NO_MEMORY = -17,
  LBW_ERR_UNSUPPORTED = -18,      /* this build cannot do that, e.g. a URL scheme */
  LBW_ERR_INTERNAL = -19          /* a defect of the library; the detail helps to report it */
};

/* "LBW_OK", "LBW_ERR_TIMEOUT", ...; "LBW_ERR_UNKNOWN" for a number that is none. Static text. */
LBW_API const char *lbw_status_name(lbw_status status);

/* The detail of the last failed call on this thread, "" if none. A call that succeeds leaves it as it is. */
LBW_API lbw_status lbw_last_error(char *buf, size_t cap, size_t *len);

/* ---- Vocabulary of the events ------------------------------------------------------------------------------------ */

/* The states of a client. CLOSED and FAILED are final until lbw_client_connect is called again. With
 * "reconnect.enabled": false, or the action "stop" for a code, what would have been retried ends in CLOSED. */
enum {
  LBW_STATE_IDLE = 0,
  LBW_STATE_CONNECTING = 1, /* waiting for a token, resolving or connecting */
  LBW_STATE_AUTHENTICATING = 2,
  LBW_STATE_READY = 3,
  LBW_STATE_BACKING_OFF = 4,
  LBW_STATE_CLOSED = 5, /* ended as asked, or taken over by another connection */
  LBW_STATE_FAILED = 6  /* gave up; the cause says why */
};

/* Why a client changed its state. */
enum {
  LBW_CAUSE_NONE = 0,
  LBW_CAUSE_CONNECT_CALLED = 1,
  LBW_CAUSE_DISCONNECT_CALLED = 2,
  LBW_CAUSE_CONNECTED = 3,          /* the transport is up */
  LBW_CAUSE_AUTHENTICATED = 4,      /* a token was accepted */
  LBW_CAUSE_RECONNECTED = 5,        /* a session was accepted */
  LBW_CAUSE_RETRY = 6,              /* the back-off is over */
  LBW_CAUSE_RESOLVE_FAILED = 7,     /* the host name has no address */
  LBW_CAUSE_CONNECT_FAILED = 8,     /* refused or unreachable at every address */
  LBW_CAUSE_CONNECT_TIMEOUT = 9,
  LBW_CAUSE_AUTH_TIMEOUT = 10,      /* no answer to auth or reconnect in time */
  LBW_CAUSE_AUTH_REFUSED = 11,      /* the token was refused */
  LBW_CAUSE_RECONNECT_REFUSED = 12, /* the session was refused */
  LBW_CAUSE_SESSION_EXPIRED = 13,
  LBW_CAUSE_TOKEN_UNAVAILABLE = 14, /* a fresh token was needed, and none came */
  LBW_CAUSE_CONNECTION_LOST = 15,
  LBW_CAUSE_HEARTBEAT_TIMEOUT = 16,
  LBW_CAUSE_PEER_CLOSED = 17,       /* a Close packet; the close event has the code */
  LBW_CAUSE_PROTOCOL_ERROR = 18,    /* the peer sent what cannot be parsed */
  LBW_CAUSE_RETRIES_EXHAUSTED = 19  /* "reconnect.max_attempts" */
};

/* Codes of a close event. 0 to 6 and any other code from 7 up are the peer's, as the protocol numbers them; those
 * below 0 are ours, for ends that the protocol has no code for. */
enum {
  LBW_CLOSE_HEARTBEAT_TIMEOUT = 0,
  LBW_CLOSE_SERVER_ERROR = 1,
  LBW_CLOSE_SERVER_SHUTDOWN = 2,
  LBW_CLOSE_UNPACK_ERROR = 3,
  LBW_CLOSE_AUTH_ERROR = 4,
  LBW_CLOSE_SESSION_EXPIRED = 5,
  LBW_CLOSE_CONNECT_DUPLICATE = 6,
  LBW_CLOSE_CONNECTION_LOST = -1, /* the connection ended without a Close */
  LBW_CLOSE_DISCONNECTED = -2,    /* the host asked: disconnect, destroy, stop */
  LBW_CLOSE_AUTH_TIMEOUT = -3,    /* client: auth or reconnect was not answered in time */
  LBW_CLOSE_UNKNOWN = -4          /* client: the peer gave a code below 0, which the protocol does not have */
};

/* Who ended or asked. */
enum { LBW_ORIGIN_LOCAL = 0, LBW_ORIGIN_PEER = 1 };

/* Status codes of a response, as the protocol numbers them. */
enum {
  LBW_RESPONSE_SUCCESS = 0,
  LBW_RESPONSE_SERVER_TIMEOUT = 1,
  LBW_RESPONSE_CLIENT_TIMEOUT = 2,
  LBW_RESPONSE_BAD_REQUEST = 3,
  LBW_RESPONSE_BAD_RESPONSE = 4,
  LBW_RESPONSE_UNAUTHENTICATED = 5,
  LBW_RESPONSE_PERMISSION_DENIED = 6,
  LBW_RESPONSE_SERVER_INTERNAL_ERROR = 7,
  LBW_RESPONSE_CLIENT_INTERNAL_ERROR = 8
};

enum { LBW_SESSION_AUTH = 0, LBW_SESSION_RECONNECT = 1 };

enum { LBW_LOG_ERROR = 0, LBW_LOG_WARN = 1, LBW_LOG_INFO = 2, LBW_LOG_DEBUG = 3 };

/* The names of the numbers above: "ready"; "connection_lost"; "ConnectDuplicate", "ConnectionLost" ("Unknown" for a
 * code that the protocol does not name); "success", "bad_request". Static text, "unknown" for a number that is none. */
LBW_API const char *lbw_state_name(int32_t state);
LBW_API const char *lbw_cause_name(int32_t cause);
LBW_API const char *lbw_close_name(int32_t code);
LBW_API const char *lbw_response_name(int32_t status);

/* ---- Events ----------------------------------------------------------------------------------------------------- */

/* The type of an event, in its second field. */
enum {
  LBW_EVENT_STATE = 1,
  LBW_EVENT_SESSION = 2,
  LBW_EVENT_CLOSE = 3,
  LBW_EVENT_HEARTBEAT = 4,
  LBW_EVENT_PUSH = 5,
  LBW_EVENT_RESPONSE = 6,
  LBW_EVENT_TOKEN = 7,
  LBW_EVENT_LOG = 8,
  LBW_EVENT_DROPPED = 9,
  LBW_EVENT_WRITABLE = 10,
  LBW_EVENT_AUTH = 11,    /* gateway */
  LBW_EVENT_REQUEST = 12, /* gateway */
  LBW_EVENT_STOPPED = 13  /* gateway */
};

/* In every event, `connection` names the connection of a gateway that it is about (below 2^53, never used again),
 * and is 0 in a client's events. */

/* Client: the state changed. */
typedef struct lbw_state_event {
  uint32_t size, type;
  int32_t state;     /* LBW_STATE_* */
  int32_t previous;  /* LBW_STATE_* */
  int32_t cause;     /* LBW_CAUSE_* */
  uint32_t attempt;  /* attempts begun since the session was last stable; 0 before the first */
  uint32_t delay_ms; /* BACKING_OFF: until the next attempt */
  uint32_t detail_len;
  const char *detail; /* what happened, for people: "connect to 127.0.0.1:2020: Connection refused" */
} lbw_state_event;

/* A session began. Gateway: a connection was authenticated. */
typedef struct lbw_session_event {
  uint32_t size, type;
  uint64_t connection;
  int32_t kind;           /* LBW_SESSION_AUTH: by token; LBW_SESSION_RECONNECT: by the session before it */
  uint32_t requests_lost; /* client: how many requests in flight ended as LBW_ERR_DISCONNECTED since the last session */
  int64_t expires_ms;     /* Unix time until which the session may be used to come back without a token */
  uint32_t limit;         /* connections allowed and connections open for this account, as the gateway tells */
  uint32_t online;
  uint32_t session_id_len; /* the session id is a secret: it never goes into a log of the library */
  uint32_t peer_len;
  const char *session_id;
  const char *peer; /* "127.0.0.1:2020" */
} lbw_session_event;

/* A connection that had been established ended. There is exactly one for each. */
typedef struct lbw_close_event {
  uint32_t size, type;
  uint64_t connection;
  int32_t code;           /* LBW_CLOSE_*, or a code of the peer's that is not known here */
  int32_t origin;         /* LBW_ORIGIN_*: who ended the connection */
  int32_t will_reconnect; /* client: 1 if it comes back by itself */
  uint32_t requests_lost; /* client: requests in flight that end as LBW_ERR_DISCONNECTED */
  uint32_t name_len;
  uint32_t reason_len;
  const char *name;   /* lbw_close_name(code) */
  const char *reason; /* the peer's text, or ours for people */
} lbw_close_event;

/* A heartbeat: ours was answered (origin local, with its round trip), or the peer's was answered by us (origin peer). */
typedef struct lbw_heartbeat_event {
  uint32_t size, type;
  uint64_t connection;
  int32_t origin;       /* LBW_ORIGIN_* */
  uint32_t request_id;
  uint64_t rtt_us;      /* origin local: this round trip, by the monotonic clock; origin peer: 0 */
  uint64_t rtt_min_us;  /* the smallest of this connection */
  uint64_t srtt_us;     /* smoothed, and its variance, as in RFC 6298 */
  uint64_t rttvar_us;
} lbw_heartbeat_event;

/* Client: a push of a business command. */
typedef struct lbw_push_event {
  uint32_t size, type;
  uint8_t cmd;
  uint8_t reserved[3];
  uint32_t body_len; /* after inflation */
  const void *body;
} lbw_push_event;

/* Client: how a request ended. Every request has exactly one. */
typedef struct lbw_response_event {
  uint32_t size, type;
  uint64_t request;        /* as lbw_client_request gave it */
  lbw_status result;       /* LBW_OK: answered, see response_status; or LBW_ERR_TIMEOUT, _CANCELLED, _DISCONNECTED */
  uint8_t cmd;
  uint8_t response_status; /* LBW_RESPONSE_*, 0 being success */
  uint8_t reserved[2];
  uint32_t body_len; /* after inflation */
  uint32_t error_msg_len;
  const void *body;
  uint64_t error_code;   /* of the Error message that a response with another status carries; else 0 */
  const char *error_msg; /* likewise; else "" */
  void *user;            /* as given to lbw_client_request */
} lbw_response_event;

/* Client: a fresh one-time token is needed: answer with lbw_client_set_token, from any thread, within
 * "auth.token_timeout_ms". Without a handler (and with callback delivery) the client fails instead. */
typedef struct lbw_token_event {
  uint32_t size, type;
  int32_t cause; /* LBW_CAUSE_*: why the session cannot be used */
  uint32_t reserved;
} lbw_token_event;

/* What the library has to say to people. No secret is ever in it. */
typedef struct lbw_log_event {
  uint32_t size, type;
  int32_t level; /* LBW_LOG_* */
  uint32_t message_len;
  const char *message;
} lbw_log_event;

/* Queue delivery with "overflow": "drop_oldest": so many pushes were dropped just before the event that follows. */
typedef struct lbw_dropped_event {
  uint32_t size, type;
  uint64_t count;
} lbw_dropped_event;

/* After LBW_ERR_QUEUE_FULL: there is room in the send queue again. */
typedef struct lbw_writable_event {
  uint32_t size, type;
  uint64_t connection;
} lbw_writable_event;

/* Gateway: a token that the gateway does not know: answer with lbw_gateway_accept or lbw_gateway_refuse, from any
 * thread, within "auth.timeout_ms". With callback delivery and no handler such a token is refused at once. */
typedef struct lbw_auth_event {
  uint32_t size, type;
  uint64_t connection;
  uint32_t token_len; /* a secret */
  uint32_t metadata_len;
  uint32_t peer_len;
  uint32_t reserved;
  const char *token;
  const char *metadata; /* the request's metadata as a JSON object of strings */
  const char *peer;
} lbw_auth_event;

/* Gateway: a business request: answer with lbw_gateway_respond, from any thread. What is not answered within
 * timeout_ms the gateway answers itself, with status server_timeout. */
typedef struct lbw_request_event {
  uint32_t size, type;
  uint64_t connection;
  uint32_t request_id;
  uint32_t timeout_ms;
  uint8_t cmd;
  uint8_t reserved[3];
  uint32_t body_len; /* after inflation */
  const void *body;
} lbw_request_event;

/* Gateway: stopped, every connection is gone, the port is free. */
typedef struct lbw_stopped_event {
  uint32_t size, type;
} lbw_stopped_event;

/* Any event, as poll gives it: look at `type`, then at the member of that name. */
typedef union lbw_event {
  struct {
    uint32_t size, type;
  } header;
  lbw_state_event state;
  lbw_session_event session;
  lbw_close_event close;
  lbw_heartbeat_event heartbeat;
  lbw_push_event push;
  lbw_response_event response;
  lbw_token_event token;
  lbw_log_event log;
  lbw_dropped_event dropped;
  lbw_writable_event writable;
  lbw_auth_event auth;
  lbw_request_event request;
  lbw_stopped_event stopped;
} lbw_event;

/* ---- Configuration ---------------------------------------------------------------------------------------------- */

/* The JSON Schema of what lbw_client_create ("#/$defs/client") and lbw_gateway_create ("#/$defs/gateway") take: every
 * key with its type, range, default and meaning. Static text. */
LBW_API const char *lbw_config_schema(void);

/* ---- Client ----------------------------------------------------------------------------------------------------- */

typedef uint64_t lbw_client;

/* Creates a client in state IDLE from a JSON object: {"url": "tcp://host:2020", "token": "..."} is enough.
 * LBW_ERR_INVALID_CONFIG: the detail names the key. Never touches the network. */
LBW_API lbw_status lbw_client_create(const char *config_json, lbw_client *client);

/* Handlers. Set them before lbw_client_connect; after it they give LBW_ERR_INVALID_STATE. A NULL handler takes it off.
 * With queue delivery these events come from lbw_client_poll, and setting a handler is LBW_ERR_INVALID_STATE. */
typedef void (*lbw_client_state_fn)(lbw_client client, const lbw_state_event *event, void *user);
typedef void (*lbw_client_session_fn)(lbw_client client, const lbw_session_event *event, void *user);
typedef void (*lbw_client_close_fn)(lbw_client client, const lbw_close_event *event, void *user);
typedef void (*lbw_client_heartbeat_fn)(lbw_client client, const lbw_heartbeat_event *event, void *user);
typedef void (*lbw_client_push_fn)(lbw_client client, const lbw_push_event *event, void *user);
typedef void (*lbw_client_token_fn)(lbw_client client, const lbw_token_event *event, void *user);
typedef void (*lbw_client_log_fn)(lbw_client client, const lbw_log_event *event, void *user);
typedef void (*lbw_client_writable_fn)(lbw_client client, const lbw_writable_event *event, void *user);
LBW_API lbw_status lbw_client_on_state(lbw_client client, lbw_client_state_fn fn, void *user);
LBW_API lbw_status lbw_client_on_session(lbw_client client, lbw_client_session_fn fn, void *user);
LBW_API lbw_status lbw_client_on_close(lbw_client client, lbw_client_close_fn fn, void *user);
LBW_API lbw_status lbw_client_on_heartbeat(lbw_client client, lbw_client_heartbeat_fn fn, void *user);
LBW_API lbw_status lbw_client_on_push(lbw_client client, lbw_client_push_fn fn, void *user);
LBW_API lbw_status lbw_client_on_token(lbw_client client, lbw_client_token_fn fn, void *user);
LBW_API lbw_status lbw_client_on_log(lbw_client client, lbw_client_log_fn fn, void *user);
LBW_API lbw_status lbw_client_on_writable(lbw_client client, lbw_client_writable_fn fn, void *user);

/* Called once, after the last event of a destroyed handle, on a thread of the library (with either delivery): what
 * the other `user` pointers point to may be freed now. */
typedef void (*lbw_released_fn)(void *user);
LBW_API lbw_status lbw_client_on_released(lbw_client client, lbw_released_fn fn, void *user);

/* Starts to connect, and returns at once; state and session events tell the rest. From IDLE, CLOSED or FAILED; in any
 * other state LBW_ERR_INVALID_STATE. Until it reaches CLOSED or FAILED the client comes back by itself. */
LBW_API lbw_status lbw_client_connect(lbw_client client);

/* Ends the session, and returns at once; the state goes to CLOSED. Events that were on their way already still come.
 * Requests under way end as LBW_ERR_CANCELLED. What was already handed to lbw_client_request is still sent, as far as
 * the peer takes it at once. The session stays valid: connect or a later process may resume it. */
LBW_API lbw_status lbw_client_disconnect(lbw_client client);

/* Disconnects, and gives the handle up, at once; it is invalid from here on. Requests under way end as
 * LBW_ERR_CANCELLED (with queue delivery nobody can poll that any more), then on_released fires. */
LBW_API lbw_status lbw_client_destroy(lbw_client client);

/* The token that the next auth uses, at most 16384 bytes. Answers a token event, or comes before one. A token works
 * once. */
LBW_API lbw_status lbw_client_set_token(lbw_client client, const char *token, size_t len);

/* Sends a business request, cmd from 4 to 255, and calls on_response exactly once with how it ended. If the connection
 * is free the request leaves on the calling thread; on_response runs on the library's thread that read the answer.
 *   body, len    up to 16777215 bytes; copied or sent before the call returns
 *   timeout_ms   1 to 60000; 0: "requests.timeout_ms"
 *   on_response  with callback delivery; with queue delivery NULL, the response event comes by poll
 *   request      set before the request leaves; may be NULL. Below 2^53, never used again by this client
 * If the call itself fails, on_response is not called: LBW_ERR_NOT_READY, LBW_ERR_QUEUE_FULL, LBW_ERR_TOO_LARGE,
 * LBW_ERR_INVALID_ARGUMENT. */
typedef void (*lbw_response_fn)(lbw_client client, const lbw_response_event *event, void *user);
LBW_API lbw_status lbw_client_request(lbw_client client, uint8_t cmd, const void *body, size_t len,
                                      uint32_t timeout_ms, lbw_response_fn on_response, void *user,
                                      uint64_t *request);

/* Ends a request as LBW_ERR_CANCELLED. LBW_ERR_NOT_FOUND if it has ended already. */
LBW_API lbw_status lbw_client_cancel(lbw_client client, uint64_t request);

/* The state now, LBW_STATE_*. */
LBW_API lbw_status lbw_client_state(lbw_client client, int32_t *state);

/* The session as JSON, {"session_id": ..., "expires_ms": ...}, for a later process to pass as config "session" and
 * come back without a token. It is a secret. LBW_ERR_NOT_FOUND if there is none. A session has one user: disconnect
 * before another process resumes it. */
LBW_API lbw_status lbw_client_export_session(lbw_client client, char *buf, size_t cap, size_t *len);

/* Counters since create. Times in microseconds; 0 where nothing was measured yet. */
typedef struct lbw_client_stats {
  uint32_t size; /* set it to sizeof(lbw_client_stats) */
  int32_t state; /* LBW_STATE_* */
  uint64_t bytes_sent, bytes_received;
  uint64_t packets_sent, packets_received;
  uint64_t requests, responses, requests_timed_out, requests_cancelled, requests_lost;
  uint64_t requests_in_flight;
  uint64_t pushes, pushes_dropped;
  uint64_t heartbeats_sent, heartbeats_answered; /* ours, and those of ours that the peer answered */
  uint64_t heartbeats_received;                  /* the peer's */
  uint64_t connects;                             /* attempts */
  uint64_t sessions;                             /* sessions begun, by auth or by reconnect */
  uint64_t responses_unexpected;                 /* answers to nothing that was asked, or that came too late */
  uint64_t rtt_us, rtt_min_us, srtt_us, rttvar_us;
} lbw_client_stats;
LBW_API lbw_status lbw_client_get_stats(lbw_client client, lbw_client_stats *stats);

/* Queue delivery: gives the next event, waiting up to timeout_ms (0: not at all; -1: without end). *event and what it
 * points to are valid until the next poll or destroy of this handle. LBW_ERR_TIMEOUT: none came.
 * LBW_ERR_INVALID_HANDLE: destroyed meanwhile. One thread at a time; a second one gets LBW_ERR_BUSY. */
LBW_API lbw_status lbw_client_poll(lbw_client client, const lbw_event **event, int32_t timeout_ms);

/* Queue delivery: a descriptor that is readable while events wait, for select, epoll or any event loop. The library
 * reads and writes it; the caller only watches it, then polls until LBW_ERR_TIMEOUT. Closed by destroy. */
LBW_API lbw_status lbw_client_poll_fd(lbw_client client, int32_t *fd);

/* ---- Gateway ---------------------------------------------------------------------------------------------------- */

typedef uint64_t lbw_gateway;

/* Creates a gateway from a JSON object: {"tcp": "127.0.0.1:0", "tokens": ["..."]}. It does not listen yet. */
LBW_API lbw_status lbw_gateway_create(const char *config_json, lbw_gateway *gateway);

/* Handlers, as for the client: before lbw_gateway_start. */
typedef void (*lbw_gateway_auth_fn)(lbw_gateway gateway, const lbw_auth_event *event, void *user);
typedef void (*lbw_gateway_session_fn)(lbw_gateway gateway, const lbw_session_event *event, void *user);
typedef void (*lbw_gateway_close_fn)(lbw_gateway gateway, const lbw_close_event *event, void *user);
typedef void (*lbw_gateway_heartbeat_fn)(lbw_gateway gateway, const lbw_heartbeat_event *event, void *user);
/* Returns 0: answered, or will be; anything else: the handler failed, and the connection is closed as ServerError. */
typedef int32_t (*lbw_gateway_request_fn)(lbw_gateway gateway, const lbw_request_event *event, void *user);
typedef void (*lbw_gateway_writable_fn)(lbw_gateway gateway, const lbw_writable_event *event, void *user);
typedef void (*lbw_gateway_log_fn)(lbw_gateway gateway, const lbw_log_event *event, void *user);
typedef void (*lbw_gateway_stopped_fn)(lbw_gateway gateway, const lbw_stopped_event *event, void *user);
LBW_API lbw_status lbw_gateway_on_auth(lbw_gateway gateway, lbw_gateway_auth_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_session(lbw_gateway gateway, lbw_gateway_session_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_close(lbw_gateway gateway, lbw_gateway_close_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_heartbeat(lbw_gateway gateway, lbw_gateway_heartbeat_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_request(lbw_gateway gateway, lbw_gateway_request_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_writable(lbw_gateway gateway, lbw_gateway_writable_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_log(lbw_gateway gateway, lbw_gateway_log_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_stopped(lbw_gateway gateway, lbw_gateway_stopped_fn fn, void *user);
LBW_API lbw_status lbw_gateway_on_released(lbw_gateway gateway, lbw_released_fn fn, void *user);

/* Binds and listens before it returns; a host name in "tcp" is resolved first, so prefer an address. LBW_ERR_NETWORK:
 * the detail says why. After the stopped event it may start again: on the same address, also where the system chose the
 * port, and with the sessions that it gave out before, so that its clients come back. With several event loops
 * ("threads") the events of one connection come in order and one at a time, those of different connections may
 * overlap. */
LBW_API lbw_status lbw_gateway_start(lbw_gateway gateway);

/* The address that it listens on, with the port that the system chose: "127.0.0.1:40123". LBW_ERR_INVALID_STATE
 * before start. */
LBW_API lbw_status lbw_gateway_address(lbw_gateway gateway, char *buf, size_t cap, size_t *len);

/* Stops, and returns at once: no new connection, every client is told Close ServerShutdown and given
 * "stop.drain_ms" to read what was sent to it; then the stopped event. */
LBW_API lbw_status lbw_gateway_stop(lbw_gateway gateway);

/* Stops if need be, and gives the handle up at once. After the last event on_released fires. */
LBW_API lbw_status lbw_gateway_destroy(lbw_gateway gateway);

/* A token that will be accepted once. LBW_ERR_INVALID_ARGUMENT if it is empty or known already. */
LBW_API lbw_status lbw_gateway_add_token(lbw_gateway gateway, const char *token, size_t len);

/* Makes such a token from the system's random source (128 bits, as 32 hex digits). */
LBW_API lbw_status lbw_gateway_issue_token(lbw_gateway gateway, char *buf, size_t cap, size_t *len);

/* Answers an auth event. LBW_ERR_NOT_FOUND: the connection is gone, or was answered already. Refusing sends status
 * unauthenticated, then Close AuthError with the reason (may be NULL, at most 4096 bytes). What the host does not
 * decide in time ends as ServerError. */
LBW_API lbw_status lbw_gateway_accept(lbw_gateway gateway, uint64_t connection);
LBW_API lbw_status lbw_gateway_refuse(lbw_gateway gateway, uint64_t connection, const char *reason);

/* Answers a request event. status: LBW_RESPONSE_*; if it is not success, the body should be an Error message (in
 * protobuf, unless the host knows that this peer speaks JSON).
 * LBW_ERR_NOT_FOUND: the connection is gone, or the request was answered or timed out already. */
LBW_API lbw_status lbw_gateway_respond(lbw_gateway gateway, uint64_t connection, uint32_t request_id, uint8_t status,
                                       const void *body, size_t len);

/* Pushes a business command, cmd from 4 to 255, to one connection. LBW_ERR_QUEUE_FULL: nothing was sent, and a
 * writable event will follow. */
LBW_API lbw_status lbw_gateway_push(lbw_gateway gateway, uint64_t connection, uint8_t cmd, const void *body,
                                    size_t len);

/* Pushes to every authenticated connection. *sent (may be NULL) is how many took it; if others had a full queue,
 * LBW_ERR_QUEUE_FULL. */
LBW_API lbw_status lbw_gateway_broadcast(lbw_gateway gateway, uint8_t cmd, const void *body, size_t len,
                                         uint64_t *sent);

/* Tells a connection Close with this code (0 to 255) and reason (may be NULL, at most 4096 bytes), and drops it. After
 * AuthError and SessExpired its session is over; after any other code the client may come back by it. */
LBW_API lbw_status lbw_gateway_close(lbw_gateway gateway, uint64_t connection, int32_t code, const char *reason);

/* The open connections as a JSON array of {"connection", "peer", "authenticated", "expires_ms", "rtt_us"}. */
LBW_API lbw_status lbw_gateway_sessions(lbw_gateway gateway, char *buf, size_t cap, size_t *len);

typedef struct lbw_gateway_stats {
  uint32_t size; /* set it to sizeof(lbw_gateway_stats) */
  uint32_t listening;
  uint64_t connections;     /* open now */
  uint64_t authenticated;   /* open now */
  uint64_t sessions;        /* in the store: live, or may come back */
  uint64_t accepted;        /* connections since create */
  uint64_t auths, reconnects, refused;
  uint64_t closes[7];       /* Close packets sent, by code */
  uint64_t closes_other;    /* likewise, other codes */
  uint64_t lost;            /* connections that ended without a Close from us */
  uint64_t requests, pushes;
} lbw_gateway_stats;
LBW_API lbw_status lbw_gateway_get_stats(lbw_gateway gateway, lbw_gateway_stats *stats);

/* Queue delivery, as for the client. A request event is answered by lbw_gateway_respond; a handler that fails calls
 * lbw_gateway_close with LBW_CLOSE_SERVER_ERROR. */
LBW_API lbw_status lbw_gateway_poll(lbw_gateway gateway, const lbw_event **event, int32_t timeout_ms);
LBW_API lbw_status lbw_gateway_poll_fd(lbw_gateway gateway, int32_t *fd);

/* ---- Packets ---------------------------------------------------------------------------------------------------- */

/* The codec alone, for tools and tests: no session, no socket, no allocation in decode and encode. */

enum { LBW_PACKET_REQUEST = 1, LBW_PACKET_RESPONSE = 2, LBW_PACKET_PUSH = 3 };

typedef struct lbw_packet {
  uint32_t size;       /* set it to sizeof(lbw_packet) */
  uint8_t type;        /* LBW_PACKET_* */
  uint8_t cmd;
  uint8_t status;      /* responses: LBW_RESPONSE_* */
  uint8_t gzip;        /* 1: the body is compressed; decode and encode carry it as it is */
  uint32_t request_id; /* requests and responses */
  uint16_t timeout_ms; /* requests: at most 60000 */
  uint8_t verify;      /* 1: nonce and signature are present */
  uint8_t reserved;
  uint64_t nonce;
  uint8_t signature[16];
  const void *metadata; /* version 2: the raw run of keys and values, at most 65535 bytes */
  const void *body;     /* at most 16777215 bytes */
  uint32_t metadata_len;
  uint32_t body_len;
} lbw_packet;

/* Decodes the packet that starts at data, of protocol version 1 or 2. packet->body and ->metadata point into data.
 * *consumed (may be NULL): its length; with LBW_ERR_BUFFER_TOO_SMALL, which says that data ends before the packet
 * does, the length that is needed in all as far as it is known; with LBW_ERR_MALFORMED the offset of the offence. */
LBW_API lbw_status lbw_packet_decode(uint32_t version, const void *data, size_t len, lbw_packet *packet,
                                     size_t *consumed);

/* Encodes a packet into buf. *len (may be NULL): its length, also with LBW_ERR_BUFFER_TOO_SMALL.
 * LBW_ERR_INVALID_ARGUMENT: a field that the protocol cannot carry; the detail names it. */
LBW_API lbw_status lbw_packet_encode(uint32_t version, const lbw_packet *packet, void *buf, size_t cap, size_t *len);

/* One whole packet as a JSON object: version, type, cmd, request_id, timeout_ms, status, gzip, verify, nonce (decimal
 * text), signature_hex, metadata, body_hex (inflated), packet_hex, and under "control" the body of a control command
 * spelled out. LBW_ERR_MALFORMED: *offset (may be NULL) is the byte at which reading stopped. */
LBW_API lbw_status lbw_packet_to_json(uint32_t version, const void *data, size_t len, char *buf, size_t cap,
                                      size_t *json_len, size_t *offset);

/* The inverse: the same fields; "control" gives the body where "body_hex" is absent, "packet_hex" is ignored, and
 * "version" defaults to the argument. The packet goes to buf; *len as in lbw_packet_encode. */
LBW_API lbw_status lbw_packet_from_json(uint32_t version, const char *json, size_t json_len, void *buf, size_t cap,
                                        size_t *len);

#ifdef __cplusplus
}
#endif

#endif /* LBWIRE_LBWIRE_H */
