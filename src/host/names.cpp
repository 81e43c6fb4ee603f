#include "host/names.h"

#include <lbwire/lbwire.h>

namespace lbwire::host {

const char* status_name(int32_t status) noexcept {
  switch (status) {
    case LBW_OK: return "LBW_OK";
    case LBW_ERR_INVALID_HANDLE: return "LBW_ERR_INVALID_HANDLE";
    case LBW_ERR_INVALID_ARGUMENT: return "LBW_ERR_INVALID_ARGUMENT";
    case LBW_ERR_INVALID_CONFIG: return "LBW_ERR_INVALID_CONFIG";
    case LBW_ERR_INVALID_STATE: return "LBW_ERR_INVALID_STATE";
    case LBW_ERR_NOT_READY: return "LBW_ERR_NOT_READY";
    case LBW_ERR_TIMEOUT: return "LBW_ERR_TIMEOUT";
    case LBW_ERR_CANCELLED: return "LBW_ERR_CANCELLED";
    case LBW_ERR_DISCONNECTED: return "LBW_ERR_DISCONNECTED";
    case LBW_ERR_QUEUE_FULL: return "LBW_ERR_QUEUE_FULL";
    case LBW_ERR_TOO_LARGE: return "LBW_ERR_TOO_LARGE";
    case LBW_ERR_BUFFER_TOO_SMALL: return "LBW_ERR_BUFFER_TOO_SMALL";
    case LBW_ERR_NOT_FOUND: return "LBW_ERR_NOT_FOUND";
    case LBW_ERR_NETWORK: return "LBW_ERR_NETWORK";
    case LBW_ERR_MALFORMED: return "LBW_ERR_MALFORMED";
    case LBW_ERR_FORKED: return "LBW_ERR_FORKED";
    case LBW_ERR_BUSY: return "LBW_ERR_BUSY";
    case LBW_ERR_NO_MEMORY: return "LBW_ERR_NO_MEMORY";
    case LBW_ERR_UNSUPPORTED: return "LBW_ERR_UNSUPPORTED";
    case LBW_ERR_INTERNAL: return "LBW_ERR_INTERNAL";
    default: return "LBW_ERR_UNKNOWN";
  }
}

const char* state_name(int32_t state) noexcept {
  switch (state) {
    case LBW_STATE_IDLE: return "idle";
    case LBW_STATE_CONNECTING: return "connecting";
    case LBW_STATE_AUTHENTICATING: return "authenticating";
    case LBW_STATE_READY: return "ready";
    case LBW_STATE_BACKING_OFF: return "backing_off";
    case LBW_STATE_CLOSED: return "closed";
    case LBW_STATE_FAILED: return "failed";
    default: return "unknown";
  }
}

const char* cause_name(int32_t cause) noexcept {
  switch (cause) {
    case LBW_CAUSE_NONE: return "none";
    case LBW_CAUSE_CONNECT_CALLED: return "connect_called";
    case LBW_CAUSE_DISCONNECT_CALLED: return "disconnect_called";
    case LBW_CAUSE_CONNECTED: return "connected";
    case LBW_CAUSE_AUTHENTICATED: return "authenticated";
    case LBW_CAUSE_RECONNECTED: return "reconnected";
    case LBW_CAUSE_RETRY: return "retry";
    case LBW_CAUSE_RESOLVE_FAILED: return "resolve_failed";
    case LBW_CAUSE_CONNECT_FAILED: return "connect_failed";
    case LBW_CAUSE_CONNECT_TIMEOUT: return "connect_timeout";
    case LBW_CAUSE_AUTH_TIMEOUT: return "auth_timeout";
    case LBW_CAUSE_AUTH_REFUSED: return "auth_refused";
    case LBW_CAUSE_RECONNECT_REFUSED: return "reconnect_refused";
    case LBW_CAUSE_SESSION_EXPIRED: return "session_expired";
    case LBW_CAUSE_TOKEN_UNAVAILABLE: return "token_unavailable";
    case LBW_CAUSE_CONNECTION_LOST: return "connection_lost";
    case LBW_CAUSE_HEARTBEAT_TIMEOUT: return "heartbeat_timeout";
    case LBW_CAUSE_PEER_CLOSED: return "peer_closed";
    case LBW_CAUSE_PROTOCOL_ERROR: return "protocol_error";
    case LBW_CAUSE_RETRIES_EXHAUSTED: return "retries_exhausted";
    default: return "unknown";
  }
}

const char* close_name(int32_t code) noexcept {
  switch (code) {
    case LBW_CLOSE_HEARTBEAT_TIMEOUT: return "HeartbeatTimeout";
    case LBW_CLOSE_SERVER_ERROR: return "ServerError";
    case LBW_CLOSE_SERVER_SHUTDOWN: return "ServerShutdown";
    case LBW_CLOSE_UNPACK_ERROR: return "UnpackError";
    case LBW_CLOSE_AUTH_ERROR: return "AuthError";
    case LBW_CLOSE_SESSION_EXPIRED: return "SessExpired";
    case LBW_CLOSE_CONNECT_DUPLICATE: return "ConnectDuplicate";
    case LBW_CLOSE_CONNECTION_LOST: return "ConnectionLost";
    case LBW_CLOSE_DISCONNECTED: return "Disconnected";
    case LBW_CLOSE_AUTH_TIMEOUT: return "AuthTimeout";
    default: return "Unknown";
  }
}

const char* response_name(int32_t status) noexcept {
  switch (status) {
    case LBW_RESPONSE_SUCCESS: return "success";
    case LBW_RESPONSE_SERVER_TIMEOUT: return "server_timeout";
    case LBW_RESPONSE_CLIENT_TIMEOUT: return "client_timeout";
    case LBW_RESPONSE_BAD_REQUEST: return "bad_request";
    case LBW_RESPONSE_BAD_RESPONSE: return "bad_response";
    case LBW_RESPONSE_UNAUTHENTICATED: return "unauthenticated";
    case LBW_RESPONSE_PERMISSION_DENIED: return "permission_denied";
    case LBW_RESPONSE_SERVER_INTERNAL_ERROR: return "server_internal_error";
    case LBW_RESPONSE_CLIENT_INTERNAL_ERROR: return "client_internal_error";
    default: return "unknown";
  }
}

}  // namespace lbwire::host
