#include <lbwire/lbwire.h>
#include <stdio.h>

int main(void) {
  printf("lbwire %s\n", lbw_version());
  return lbw_abi_version() >= LBW_ABI_VERSION ? 0 : 1;
}
