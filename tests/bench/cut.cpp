#include "cut.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace lbwire::bench {

void cut_connections() {
  constexpr int most = 1024;
  for (int descriptor = 3; descriptor < most; ++descriptor) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (peer.sin_family == AF_INET) ::shutdown(descriptor, SHUT_RDWR);
  }
}

}  // namespace lbwire::bench
