#include "transport/event_loop.h"

#include <pthread.h>
#include <signal.h>

#include <thread>

namespace lbwire::transport {

namespace {

// The host's signals are the host's: a thread of ours must not be the one that takes them. Those that a thread raises
// by what it does stay as they are: a fault in a callback belongs to the host's crash handler.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) sigdelset(&blocked, fault);
    pthread_sigmask(SIG_SETMASK, &blocked, &before_);
  }
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

 private:
  sigset_t before_;
};

// Handlers deal with their own failures; what escapes them all the same (no memory to report that there is no memory)
// must not take the host's process down.
void run_until_done(asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody to tell
    }
  }
}

}  // namespace

event_loop::event_loop(const std::string& name)
    : context_(std::make_shared<asio::io_context>(1)), work_(context_->get_executor()) {
  const signals_blocked inherited_by_the_thread;
  std::thread([context = context_, name] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    run_until_done(*context);
  }).detach();
}

}  // namespace lbwire::transport
