// What the first client of a process costs, the loading of the library included. Each time in a fresh process.
#include <dlfcn.h>
#include <lbwire/lbwire.h>

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "child.h"
#include "statistics.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

std::string library_file() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&lbw_version), &info) == 0) {
    throw std::runtime_error("the library's file is not to be found");
  }
  return info.dli_fname;
}

}  // namespace

figures measure_loading(const effort& e) {
  const std::string loader = program_folder() + "/helpers/lbwire_bench_load", library = library_file();
  std::vector<double> ready_ms, loaded_ms;
  for (int repetition = e.of(41, 3); repetition > 0; --repetition) {
    child process(loader, {library});
    std::istringstream times(process.answer("us"));
    double ready_us = 0, loaded_us = 0;
    times >> ready_us >> loaded_us;
    ready_ms.push_back(ready_us / 1000);
    loaded_ms.push_back(loaded_us / 1000);
  }
  return {{"dlopen and first client",
           "ms",
           median(ready_ms),
           {},
           {},
           {target::of::measured_at_most, 5},
           "in a fresh process"},
          {"dlopen", "ms", median(loaded_ms), {}, {}, {}, "of it"}};
}

}  // namespace lbwire::bench
