// queue_session.js LIBRARY: a session in Node.js, both ends with queue delivery, so that no foreign thread calls in.
'use strict';

const assert = require('node:assert');

let koffi;
try {
  koffi = require('koffi');
} catch {
  console.error('no koffi here: ./dev test installs it');
  process.exit(process.env.LBWIRE_ALL_REQUIRED ? 1 : 77);
}

const OK = 0, ERR_INVALID_HANDLE = -1, ERR_TIMEOUT = -6;
const STATE_READY = 3, STATE_CLOSED = 5;
const CLOSE_DISCONNECTED = -2;
const EVENT_STATE = 1, EVENT_SESSION = 2, EVENT_CLOSE = 3, EVENT_PUSH = 5, EVENT_RESPONSE = 6;
const EVENT_REQUEST = 12, EVENT_STOPPED = 13;

// ---- lbwire.h, as far as this test calls it

const struct = (fields) => koffi.struct({size: 'uint32_t', type: 'uint32_t', ...fields});
const Header = struct({});
const events = {
  [EVENT_STATE]: struct({
    state: 'int32_t', previous: 'int32_t', cause: 'int32_t', attempt: 'uint32_t', delay_ms: 'uint32_t',
    detail_len: 'uint32_t', detail: 'const char *',
  }),
  [EVENT_SESSION]: struct({
    connection: 'uint64_t', kind: 'int32_t', requests_lost: 'uint32_t', expires_ms: 'int64_t', limit: 'uint32_t',
    online: 'uint32_t', session_id_len: 'uint32_t', peer_len: 'uint32_t', session_id: 'const char *',
    peer: 'const char *',
  }),
  [EVENT_CLOSE]: struct({
    connection: 'uint64_t', code: 'int32_t', origin: 'int32_t', will_reconnect: 'int32_t',
    requests_lost: 'uint32_t', name_len: 'uint32_t', reason_len: 'uint32_t', name: 'const char *',
    reason: 'const char *',
  }),
  [EVENT_PUSH]: struct({
    cmd: 'uint8_t', reserved: koffi.array('uint8_t', 3), body_len: 'uint32_t', body: 'void *',
  }),
  [EVENT_RESPONSE]: struct({
    request: 'uint64_t', result: 'int32_t', cmd: 'uint8_t', response_status: 'uint8_t',
    reserved: koffi.array('uint8_t', 2), body_len: 'uint32_t', error_msg_len: 'uint32_t', body: 'void *',
    error_code: 'uint64_t', error_msg: 'const char *', user: 'void *',
  }),
  [EVENT_REQUEST]: struct({
    connection: 'uint64_t', request_id: 'uint32_t', timeout_ms: 'uint32_t', cmd: 'uint8_t',
    reserved: koffi.array('uint8_t', 3), body_len: 'uint32_t', body: 'void *',
  }),
};

const library = koffi.load(process.argv[2]);
const lbw = Object.fromEntries([
  'const char *lbw_version()',
  'const char *lbw_status_name(int32_t status)',
  'int32_t lbw_last_error(_Out_ char *buf, size_t cap, void *len)',
  'int32_t lbw_client_create(const char *config, _Out_ uint64_t *client)',
  'int32_t lbw_client_connect(uint64_t client)',
  'int32_t lbw_client_disconnect(uint64_t client)',
  'int32_t lbw_client_destroy(uint64_t client)',
  'int32_t lbw_client_state(uint64_t client, _Out_ int32_t *state)',
  'int32_t lbw_client_request(uint64_t client, uint8_t cmd, const void *body, size_t len, uint32_t timeout_ms, ' +
      'void *on_response, void *user, _Out_ uint64_t *request)',
  'int32_t lbw_client_poll(uint64_t client, _Out_ void **event, int32_t timeout_ms)',
  'int32_t lbw_gateway_create(const char *config, _Out_ uint64_t *gateway)',
  'int32_t lbw_gateway_start(uint64_t gateway)',
  'int32_t lbw_gateway_address(uint64_t gateway, _Out_ char *buf, size_t cap, void *len)',
  'int32_t lbw_gateway_stop(uint64_t gateway)',
  'int32_t lbw_gateway_destroy(uint64_t gateway)',
  'int32_t lbw_gateway_respond(uint64_t gateway, uint64_t connection, uint32_t request_id, uint8_t status, ' +
      'const void *body, size_t len)',
  'int32_t lbw_gateway_push(uint64_t gateway, uint64_t connection, uint8_t cmd, const void *body, size_t len)',
  'int32_t lbw_gateway_poll(uint64_t gateway, _Out_ void **event, int32_t timeout_ms)',
].map((prototype) => [prototype.match(/lbw_(\w+)/)[1], library.func(prototype)]));

// ---- Its conventions in JavaScript

const textOf = (buffer) => buffer.toString('utf8', 0, buffer.indexOf(0));

function check(status) {
  if (status === OK) return;
  const detail = Buffer.alloc(512);
  lbw.last_error(detail, detail.length, null);
  throw new Error(`${lbw.status_name(status)}: ${textOf(detail)}`);
}

function create(make, config) {
  const handle = [0];
  check(make(JSON.stringify(config), handle));
  assert.ok(Number.isSafeInteger(handle[0]), 'a handle is an exact number');
  return handle[0];
}

// The next event as an object of its own, or null.
function poll(next, handle) {
  const found = [null];
  const status = next(handle, found, 5);
  if (status === ERR_TIMEOUT) return null;
  check(status);
  const {type} = koffi.decode(found[0], Header);
  const event = koffi.decode(found[0], events[type] ?? Header);
  assert.ok(event.size >= koffi.sizeof(events[type] ?? Header), `size of event ${type}`);
  if ('body' in event) {
    event.body = event.body_len ? Buffer.from(koffi.decode(event.body, 'uint8_t', event.body_len)) : Buffer.alloc(0);
  }
  return event;
}

// ---- The session

const gateway = create(lbw.gateway_create, {tcp: '127.0.0.1:0', tokens: ['t'], delivery: 'queue'});
check(lbw.gateway_start(gateway));
const address = Buffer.alloc(64);
check(lbw.gateway_address(gateway, address, address.length, null));
const client = create(lbw.client_create, {url: `tcp://${textOf(address)}`, token: 't', delivery: 'queue'});

// Both ends are polled by turns; the gateway echoes what it is asked.
const inbox = {client: [], gateway: []};

function turn() {
  const served = poll(lbw.gateway_poll, gateway);
  if (served) inbox.gateway.push(served);
  if (served?.type === EVENT_REQUEST) {
    check(lbw.gateway_respond(
        gateway, served.connection, served.request_id, 0, served.body, served.body.length));
  }
  if (clientIsOpen) {
    const event = poll(lbw.client_poll, client);
    if (event) inbox.client.push(event);
  }
}

function take(end, type, holds = () => true) {
  const deadline = Date.now() + 10000;
  while (Date.now() < deadline) {
    const at = inbox[end].findIndex((event) => event.type === type && holds(event));
    if (at >= 0) return inbox[end].splice(at, 1)[0];
    turn();
  }
  throw new Error(`no event ${type} at the ${end} in time`);
}

let clientIsOpen = true;
check(lbw.client_connect(client));
take('client', EVENT_STATE, ({state}) => state === STATE_READY);
assert.ok(take('client', EVENT_SESSION).session_id_len > 0);
const {connection} = take('gateway', EVENT_SESSION);

const state = [0];
check(lbw.client_state(client, state));
assert.strictEqual(state[0], STATE_READY);

const question = Buffer.from('over \0 there');
const request = [0];
check(lbw.client_request(client, 30, question, question.length, 5000, null, null, request));
const answer = take('client', EVENT_RESPONSE);
assert.strictEqual(answer.request, request[0]);
assert.strictEqual(answer.result, OK);
assert.deepStrictEqual([answer.cmd, answer.response_status, answer.body], [30, 0, question]);

check(lbw.gateway_push(gateway, connection, 101, Buffer.from('pushed'), 6));
const push = take('client', EVENT_PUSH);
assert.deepStrictEqual([push.cmd, push.body.toString()], [101, 'pushed']);

check(lbw.client_disconnect(client));
const close = take('client', EVENT_CLOSE);
assert.deepStrictEqual([close.code, close.will_reconnect], [CLOSE_DISCONNECTED, 0]);
take('client', EVENT_STATE, ({state}) => state === STATE_CLOSED);
take('gateway', EVENT_CLOSE);

check(lbw.client_destroy(client));
clientIsOpen = false;
assert.strictEqual(lbw.client_destroy(client), ERR_INVALID_HANDLE);
check(lbw.gateway_stop(gateway));
take('gateway', EVENT_STOPPED);
check(lbw.gateway_destroy(gateway));
console.log(`lbwire ${lbw.version()}: session, request, push and close by queue`);
