// A line between clients and the gateway that can be made to fail the ways lines do: a TCP relay on loopback,
// on a thread of its own.
#pragma once

#include <cstdint>
#include <list>
#include <thread>
#include <vector>

#include "demo/loopback.h"

struct pollfd;

namespace lbwire::cli {

class faulty_link {
 public:
  explicit faulty_link(uint16_t gateway_port);
  ~faulty_link();
  faulty_link(const faulty_link&) = delete;
  faulty_link& operator=(const faulty_link&) = delete;

  // Where clients connect to.
  uint16_t port() const { return port_; }

  // Each acts on the connections that are open now, and leaves later ones sound.
  void swallow() { order('s'); }  // what the client says is lost from here on
  void garble() { order('g'); }   // the gateway gets bytes that are no packet
  void cut() { order('c'); }      // both ends see the connection end without a word

 private:
  struct relayed {
    descriptor client, gateway;
    bool swallows = false;
    bool client_done = false, gateway_done = false;
  };

  void order(char what);
  void run();
  std::vector<pollfd> watched() const;
  bool obey();
  void accept_client();
  static void relay(relayed& connection, bool from_client);

  uint16_t gateway_port_;
  descriptor listener_;
  uint16_t port_;
  descriptor orders_in_, orders_out_;
  std::list<relayed> connections_;
  std::thread thread_;
};

}  // namespace lbwire::cli
