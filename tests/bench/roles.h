// What this program is when it is started by itself: `lbwire_bench --role NAME ARGUMENT...`. Each role is in the file
// of its name; orders come by standard input, and its end is the role's.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lbwire::bench {

using words = std::vector<std::string>;

[[noreturn]] void run_role(const std::string& name, const words& arguments);

void be_echo_server(const words& arguments);  // REQUEST_SIZE RESPONSE_SIZE
void be_gateway(const words& arguments);
void be_blaster(const words& arguments);   // COUNT
void be_sessions(const words& arguments);  // ADDRESS

// For roles: a line to whoever started this process; and its orders until there are no more, which ends the process
// without unwinding what other threads still use.
void say(const std::string& line);
[[noreturn]] void obey(const std::function<void(const words& order)>& execute);

}  // namespace lbwire::bench
