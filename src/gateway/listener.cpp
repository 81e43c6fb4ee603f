// How a gateway begins and ends: listening, accepting, stopping so that every client is told, giving itself up.
#include <utility>

#include "gateway/gateway.h"
#include "transport/tcp_stream.h"

namespace lbwire::gateway {

namespace {

// When the system has no descriptor left for a connection, trying again at once would only spin.
constexpr std::chrono::milliseconds accept_pause{50};

}  // namespace

lbw_status gateway::start(std::string& problem) {
  asio::io_context lookup;
  asio::error_code lookup_error;
  // Before the lock: a name may take its time.
  const auto addresses = tcp::resolver(lookup).resolve(options_.listen.host, std::to_string(options_.listen.port),
                                                       tcp::resolver::passive, lookup_error);
  const std::lock_guard held(mutex_);
  if (destroying_ || state_ != state::idle) {
    problem = state_ == state::stopping ? "the gateway is stopping: wait for the stopped event"
                                        : "the gateway is started already";
    return LBW_ERR_INVALID_STATE;
  }

  const auto fail = [&problem, this](const char* what, const asio::error_code& error) {
    problem = std::string(what) + " " + options_.listen.text() + ": " + error.message();
    acceptor_ = nullptr;
    return LBW_ERR_NETWORK;
  };
  if (lookup_error && !ever_started_) return fail("resolve", lookup_error);
  asio::io_context& context = loops_.front()->context();
  asio::error_code error;
  // A gateway that starts again comes back where its clients look for it, also if the system chose the port.
  const tcp::endpoint address = ever_started_ ? bound_ : addresses.begin()->endpoint();
  acceptor_ = std::make_unique<tcp::acceptor>(context);
  acceptor_->open(address.protocol(), error);
  if (error) return fail("open a socket for", error);
  acceptor_->set_option(asio::socket_base::reuse_address(true), error);
  acceptor_->bind(address, error);
  if (error) return fail("listen on", error);
  acceptor_->listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail("listen on", error);
  bound_ = acceptor_->local_endpoint(error);
  if (error) return fail("listen on", error);

  state_ = state::listening;
  ever_started_ = true;
  accept_waits_ = false;
  accept_timer_ = std::make_unique<asio::steady_timer>(context);
  accept_next();
  return LBW_OK;
}

std::string gateway::address() const {
  const std::lock_guard held(mutex_);
  return ever_started_ ? transport::address_text(bound_) : std::string();
}

// With the lock.
void gateway::accept_next() {
  const auto loop = loops_[next_loop_++ % loops_.size()];
  acceptor_->async_accept(
      loop->context(), [self = shared_from_this(), loop](const asio::error_code& error, tcp::socket socket) {
        asio::error_code problem = error;
        try {
          if (!error) self->accepted(std::move(socket), loop);
        } catch (const std::exception&) {  // no memory for one more: it is closed, and the others go on
          problem = asio::error::no_memory;
        }
        const std::lock_guard held(self->mutex_);
        if (self->state_ != state::listening) return;
        if (problem) return self->pause_accepting(problem);
        // A host that takes no events must not be sent ever more of them by strangers: they wait in the system's
        // backlog.
        self->accept_waits_ = !self->host_has_room();
        if (!self->accept_waits_) self->accept_next();
      });
}

// With the lock.
void gateway::pause_accepting(const asio::error_code& reason) {
  loops_.front()->post(
      [self = shared_from_this(), text = "accept: " + reason.message()] { self->log(LBW_LOG_ERROR, text); });
  accept_timer_->expires_after(accept_pause);
  accept_timer_->async_wait([self = shared_from_this()](const asio::error_code& error) {
    const std::lock_guard held(self->mutex_);
    if (!error && self->state_ == state::listening) self->accept_next();
  });
}

void gateway::accepted(tcp::socket socket, const std::shared_ptr<::lbwire::link::loop>& loop) {
  ++counters_.accepted;
  auto stream = std::make_unique<transport::tcp_stream>(std::move(socket), options_.tcp);
  const bool crowded = open_ >= options_.max_connections;
  const auto made = std::make_shared<connection>(shared_from_this(), loop, session_options_, std::move(stream));
  ++open_;
  if (made->start(connections_) == 0) {  // a million connections: the socket is closed by its destructor
    --open_;
    return;
  }
  if (crowded) made->close(LBW_CLOSE_SERVER_ERROR, "the gateway has as many connections as it may");
  bool late = false;
  {
    const std::lock_guard held(mutex_);
    late = state_ != state::listening;
  }
  if (late) made->close(LBW_CLOSE_SERVER_SHUTDOWN, "the gateway is shutting down");
}

void gateway::stop() {
  {
    const std::lock_guard held(mutex_);
    if (state_ != state::listening) return;
    state_ = state::stopping;
    asio::error_code ignored;
    acceptor_->close(ignored);
    accept_timer_->cancel();
  }
  connections_.for_each([this](uint64_t, connection& c) {
    c.close(LBW_CLOSE_SERVER_SHUTDOWN, "the gateway is shutting down", options_.drain);
  });
  check_stopped();
}

void gateway::check_stopped() {
  const std::lock_guard held(mutex_);
  if (state_ != state::stopping || open_ != 0) return;
  // On the first loop, behind whatever the last connection still has to tell.
  loops_.front()->post([self = shared_from_this()] { self->stopped(); });
}

void gateway::stopped() {
  {
    const std::lock_guard held(mutex_);
    if (state_ != state::stopping || open_ != 0) return;
    state_ = state::idle;
    acceptor_ = nullptr;
    accept_timer_ = nullptr;
  }
  give(::lbwire::link::blank<lbw_stopped_event>(LBW_EVENT_STOPPED), &handlers::on_stopped);
  release_if_destroyed();
}

void gateway::destroy() {
  {
    const std::lock_guard held(mutex_);
    if (std::exchange(destroying_, true)) return;
  }
  if (queue_) queue_->close();
  stop();
  const std::lock_guard held(mutex_);
  if (!loops_.empty()) loops_.front()->post([self = shared_from_this()] { self->release_if_destroyed(); });
}

void gateway::release_if_destroyed() {
  handler<lbw_released_fn> released;
  std::vector<std::shared_ptr<::lbwire::link::loop>> loops;
  {
    const std::lock_guard held(mutex_);
    if (!destroying_ || state_ != state::idle || released_) return;
    released_ = true;
    released = handlers_.on_released;
    loops.swap(loops_);  // they end once their last connection is gone
  }
  if (released.call) released.call(released.user);
}

}  // namespace lbwire::gateway
