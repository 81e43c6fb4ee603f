/* The header in C99, without extensions, and every function in it linked by its name. */
#include <lbwire/lbwire.h>
#include <stdio.h>
#include <string.h>

typedef void (*any_function)(void);

static const any_function functions[] = {
    (any_function)lbw_abi_version,
    (any_function)lbw_version,
    (any_function)lbw_status_name,
    (any_function)lbw_last_error,
    (any_function)lbw_state_name,
    (any_function)lbw_cause_name,
    (any_function)lbw_close_name,
    (any_function)lbw_response_name,
    (any_function)lbw_config_schema,
    (any_function)lbw_client_create,
    (any_function)lbw_client_on_state,
    (any_function)lbw_client_on_session,
    (any_function)lbw_client_on_close,
    (any_function)lbw_client_on_heartbeat,
    (any_function)lbw_client_on_push,
    (any_function)lbw_client_on_token,
    (any_function)lbw_client_on_log,
    (any_function)lbw_client_on_writable,
    (any_function)lbw_client_on_released,
    (any_function)lbw_client_connect,
    (any_function)lbw_client_disconnect,
    (any_function)lbw_client_destroy,
    (any_function)lbw_client_set_token,
    (any_function)lbw_client_request,
    (any_function)lbw_client_cancel,
    (any_function)lbw_client_state,
    (any_function)lbw_client_export_session,
    (any_function)lbw_client_get_stats,
    (any_function)lbw_client_poll,
    (any_function)lbw_client_poll_fd,
    (any_function)lbw_gateway_create,
    (any_function)lbw_gateway_on_auth,
    (any_function)lbw_gateway_on_session,
    (any_function)lbw_gateway_on_close,
    (any_function)lbw_gateway_on_heartbeat,
    (any_function)lbw_gateway_on_request,
    (any_function)lbw_gateway_on_writable,
    (any_function)lbw_gateway_on_log,
    (any_function)lbw_gateway_on_stopped,
    (any_function)lbw_gateway_on_released,
    (any_function)lbw_gateway_start,
    (any_function)lbw_gateway_address,
    (any_function)lbw_gateway_stop,
    (any_function)lbw_gateway_destroy,
    (any_function)lbw_gateway_add_token,
    (any_function)lbw_gateway_issue_token,
    (any_function)lbw_gateway_accept,
    (any_function)lbw_gateway_refuse,
    (any_function)lbw_gateway_respond,
    (any_function)lbw_gateway_push,
    (any_function)lbw_gateway_broadcast,
    (any_function)lbw_gateway_close,
    (any_function)lbw_gateway_sessions,
    (any_function)lbw_gateway_get_stats,
    (any_function)lbw_gateway_poll,
    (any_function)lbw_gateway_poll_fd,
    (any_function)lbw_packet_decode,
    (any_function)lbw_packet_encode,
    (any_function)lbw_packet_to_json,
    (any_function)lbw_packet_from_json,
};

static int expect(int holds, const char* what) {
  if (!holds) fprintf(stderr, "does not hold: %s\n", what);
  return holds;
}

/* A config that cannot be taken: the call fails, gives no handle, and the detail text names the key. */
static int refuses_a_wrong_config(void) {
  lbw_client client = 0;
  lbw_gateway gateway = 0;
  char detail[512];
  size_t len = 0;
  return expect(lbw_client_create("{\"no_such_key\": 1}", &client) == LBW_ERR_INVALID_CONFIG, "client refused") &&
         expect(client == 0, "no client") &&
         expect(lbw_last_error(detail, sizeof detail, &len) == LBW_OK, "detail read") &&
         expect(len == strlen(detail) && strstr(detail, "no_such_key") != NULL, "detail names the key") &&
         expect(lbw_gateway_create("{", &gateway) == LBW_ERR_INVALID_CONFIG, "gateway refused") &&
         expect(gateway == 0, "no gateway");
}

static int creates_and_destroys(void) {
  lbw_client client = 0;
  lbw_gateway gateway = 0;
  const double largest_exact = 9007199254740992.0;
  return expect(lbw_client_create("{\"url\": \"tcp://127.0.0.1:2020\", \"token\": \"t\"}", &client) == LBW_OK,
                "client created") &&
         expect(client != 0 && (double)client < largest_exact, "client is a handle") &&
         expect(lbw_client_destroy(client) == LBW_OK, "client destroyed") &&
         expect(lbw_client_destroy(client) == LBW_ERR_INVALID_HANDLE, "client destroyed once") &&
         expect(lbw_gateway_create("{\"tcp\": \"127.0.0.1:0\"}", &gateway) == LBW_OK, "gateway created") &&
         expect(gateway != 0 && (double)gateway < largest_exact, "gateway is a handle") &&
         expect(lbw_gateway_destroy(gateway) == LBW_OK, "gateway destroyed") &&
         expect(lbw_gateway_destroy(gateway) == LBW_ERR_INVALID_HANDLE, "gateway destroyed once");
}

int main(void) {
  size_t i;
  for (i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    if (functions[i] == NULL) return 1;
  }
  return expect(lbw_abi_version() == LBW_ABI_VERSION, "version of the header and the library") &&
                 refuses_a_wrong_config() && creates_and_destroys()
             ? 0
             : 1;
}
