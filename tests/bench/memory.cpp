// What one more idle session takes in the client's process, and its connection in the gateway's.
#include <sys/resource.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>

#include "child.h"
#include "roles.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

struct memory {
  double anonymous = 0, heap = 0;
  size_t sessions = 0;
};

memory memory_of(child& process) {
  process.order("memory");
  std::istringstream text(process.answer("memory"));
  memory m;
  text >> m.anonymous >> m.heap >> m.sessions;
  return m;
}

// As many as asked for, or as this user may open files for.
size_t allowed(size_t wanted) {
  constexpr size_t for_all_else = 100;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max == RLIM_INFINITY) return wanted;
  return std::min<size_t>(wanted, std::max<size_t>(files.rlim_max, 2 * for_all_else) - for_all_else);
}

void report(figures& to, const std::string& name, const memory& before, const memory& after, size_t count,
            const std::string& note) {
  if (after.sessions != before.sessions + count) throw std::runtime_error("some of the sessions are not ready");
  const auto each = [count](double bytes) { return bytes / 1024 / static_cast<double>(count); };
  to.push_back(
      {name, "KiB", each(after.anonymous - before.anonymous), {}, {}, {target::of::measured_at_most, 8}, note});
  to.push_back({name + ", by malloc", "KiB", each(after.heap - before.heap), {}, {}, {}, "bytes given out"});
}

}  // namespace

figures measure_memory(const effort& e) {
  constexpr size_t warm = 100;  // threads, buffers and tables are there after these
  const size_t count = allowed(e.of<size_t>(10'000, 200) + warm) - warm;
  auto gateway = child::in_role("gateway");
  auto clients = child::in_role("sessions", {gateway.answer("address")});
  clients.order("open " + std::to_string(warm));
  clients.answer("ready");
  const memory gateway_before = memory_of(gateway), clients_before = memory_of(clients);
  clients.order("open " + std::to_string(count));
  clients.answer("ready");
  const memory clients_after = memory_of(clients), gateway_after = memory_of(gateway);

  figures all;
  const std::string note = "private pages, for each of " + std::to_string(count) + " more";
  report(all, "idle client session", clients_before, clients_after, count, note);
  report(all, "idle gateway connection", gateway_before, gateway_after, count, note);
  return all;
}

}  // namespace lbwire::bench
