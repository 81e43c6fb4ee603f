// A peer that is no gateway but knows how one begins: it lets a client in and then writes pushes that were encoded
// beforehand, as fast as the socket takes them. A connection that begins with a 0 byte gets the same bytes at once.
#include <array>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "roles.h"
#include "sizes.h"
#include "socket.h"
#include "wire/control.h"
#include "wire/handshake.h"
#include "wire/packet.h"
#include "wire/stream_decoder.h"

namespace lbwire::bench {

namespace {

std::vector<uint8_t> encoded(const wire::packet& p) {
  std::vector<uint8_t> bytes(wire::encoded_size(p, wire::version::v1));
  wire::encode(p, wire::version::v1, bytes);
  return bytes;
}

std::vector<uint8_t> pushes(size_t count) {
  const std::array<uint8_t, body_size> body{};
  wire::packet push;
  push.cmd = business_cmd;
  push.body = body;
  const std::vector<uint8_t> one = encoded(push);
  std::vector<uint8_t> all;
  all.reserve(count * one.size());
  for (size_t i = 0; i < count; ++i) all.insert(all.end(), one.begin(), one.end());
  return all;
}

// Takes the client's handshake and auth, and accepts it. False for a connection that wants bare bytes.
bool let_in(const plain_socket& client) {
  std::array<uint8_t, 4096> buffer;
  wire::stream_decoder decoder;
  wire::packet auth;
  for (size_t skip = wire::handshake_size;;) {
    const size_t size = client.receive(buffer);
    if (size == 0) throw std::runtime_error("the client went before its auth");
    if (skip == wire::handshake_size && buffer[0] == 0) return false;
    const size_t skipped = std::min(skip, size);
    skip -= skipped;
    decoder.feed(std::span(buffer).first(size).subspan(skipped));
    if (decoder.next(auth) == wire::decode_status::ok) break;
  }
  wire::auth_response session;
  session.session_id = "0123456789abcdef0123456789abcdef";
  session.expires = int64_t{1} << 52;
  std::vector<uint8_t> body;
  wire::encode(wire::body_codec::protobuf, session, body);
  wire::packet answer;
  answer.type = wire::packet_type::response;
  answer.cmd = auth.cmd;
  answer.request_id = auth.request_id;
  answer.body = body;
  client.send_all(encoded(answer));
  return true;
}

void serve(const plain_socket& client, size_t count, const std::vector<uint8_t>& block) {
  let_in(client);
  while (count > 0) {
    const size_t now = std::min(count, block.size() / push_size);
    client.send_all(std::span(block).first(now * push_size));
    count -= now;
  }
  std::array<uint8_t, 4096> ignored;
  while (client.receive(ignored) > 0) {
  }
}

}  // namespace

void be_blaster(const words& arguments) {
  const size_t count = std::stoul(arguments.at(0));
  const std::vector<uint8_t> block = pushes(2500);
  const auto listener = plain_socket::listening();
  std::thread([&] {
    for (;;) {
      try {
        serve(listener.accept(), count, block);
      } catch (const std::exception& problem) {
        std::cerr << "lbwire_bench, as blaster: " << problem.what() << '\n';
      }
    }
  }).detach();
  say("port " + std::to_string(listener.port()));
  obey([](const words&) {});
}

}  // namespace lbwire::bench
