#include "transport/event_loop.h"

#include <pthread.h>
#include <signal.h>

#include <thread>

namespace lbwire::transport {

namespace {

// The host's signals are the host's: a thread of ours must not be the one that takes them.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

std::shared_ptr<event_loop> event_loop::start(const std::string& name) {
  auto shared = std::make_shared<core>();
  const std::shared_ptr<event_loop> loop(new event_loop(shared));
  const signals_blocked inherited_by_the_thread;
  std::thread([shared, name] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    shared->context.run();
  }).detach();
  return loop;
}

}  // namespace lbwire::transport
