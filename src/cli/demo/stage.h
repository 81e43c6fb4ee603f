// What every step of the demo plays on: one gateway, a line to it that can fail, one client at the other end
// of that line, and the journal of all.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "demo/client_player.h"
#include "demo/faulty_link.h"
#include "demo/gateway_player.h"
#include "demo/journal.h"
#include "demo/narrator.h"
#include "json.h"

namespace lbwire::cli {

// Ends the demo: what was expected, and did not happen in time.
struct step_failed {
  std::string expected;
};

class stage {
 public:
  // A point in the story to look back to.
  struct moment {
    size_t mark = 0;
    journal::clock::time_point at;
  };

  explicit stage(narrator& tells);

  gateway_player& gateway() { return gateway_; }
  faulty_link& link() { return link_; }
  client_player& client() { return client_; }

  // Another client, that connects to a gateway directly.
  std::unique_ptr<client_player> another_client(const std::string& name, const gateway_player& at, token_supply tokens,
                                                const json& more = json::object());
  std::unique_ptr<gateway_player> another_gateway(const std::string& name, const json& more);

  moment now() const { return {events_->mark(), journal::clock::now()}; }

  // What `who` is told after the moment, and matches the pattern. Throws step_failed.
  journal::entry await(const std::string& who, const json& pattern, moment since, const std::string& expected);

  template <class... Args>
  void tell(Args&&... args) const {
    tells_.tell(std::forward<Args>(args)...);
  }

 private:
  narrator& tells_;
  std::shared_ptr<journal> events_;
  gateway_player gateway_;
  faulty_link link_;
  client_player client_;
};

// The moment just after an entry.
inline stage::moment after(const journal::entry& entry) {
  return {entry.number + 1, entry.at};
}

}  // namespace lbwire::cli
