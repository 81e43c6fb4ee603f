// Connects to a host by name or address: every address that the name resolves to, the families taking turns, a new
// attempt each 250 ms or as soon as one fails, and the first that succeeds wins (RFC 8305). The caller has the
// deadline: cancel() ends it.
#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "transport/endpoint.h"
#include "transport/event_loop.h"
#include "transport/stream.h"

namespace lbwire::transport {

struct connect_result {
  std::unique_ptr<stream> connected;  // or nothing, and:
  bool resolved = false;
  std::string problem;  // "connect to 127.0.0.1:2020: Connection refused"
};

// All on the loop's thread, `done` included. `done` is called once, unless cancelled before.
class tcp_connector : public std::enable_shared_from_this<tcp_connector> {
 public:
  using handler = std::function<void(connect_result)>;

  tcp_connector(event_loop& loop, endpoint server, tcp_options options, handler done);
  void start();
  void cancel();

 private:
  using tcp = asio::ip::tcp;

  void resolved(const asio::error_code& error, const tcp::resolver::results_type& results);
  void attempt_next();
  void attempted(std::list<tcp::socket>::iterator socket, const tcp::endpoint& address, const asio::error_code& result);
  void finish(connect_result result);

  asio::io_context& context_;
  const endpoint server_;
  const tcp_options options_;
  handler done_;
  tcp::resolver resolver_;
  asio::steady_timer stagger_;
  std::vector<tcp::endpoint> addresses_;
  size_t next_ = 0;
  std::list<tcp::socket> attempts_;
  std::string problems_;
};

}  // namespace lbwire::transport
