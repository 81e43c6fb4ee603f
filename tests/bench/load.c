/* Loads the library that is named, and makes and destroys a client: in a process that has nothing of it yet. Prints
 * the microseconds of both together, and of loading alone. */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

typedef int32_t (*create_fn)(const char* config, uint64_t* client);
typedef int32_t (*destroy_fn)(uint64_t client);

int main(int argc, char** argv) {
  const char* const config = "{\"url\": \"tcp://127.0.0.1:2020\", \"token\": \"bench\"}";
  create_fn create = NULL;
  destroy_fn destroy = NULL;
  uint64_t client = 0;
  double start, loaded;
  void *library, *symbol;

  if (argc != 2) return 2;
  start = now_us();
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  loaded = now_us();
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  symbol = dlsym(library, "lbw_client_create");
  memcpy(&create, &symbol, sizeof create);
  symbol = dlsym(library, "lbw_client_destroy");
  memcpy(&destroy, &symbol, sizeof destroy);
  if (!create || !destroy || create(config, &client) != 0 || destroy(client) != 0) return 1;
  printf("us %.1f %.1f\n", now_us() - start, loaded - start);
  return 0;
}
