// Static objects of this library are never destroyed. Its threads end by themselves and nobody waits for them, so at
// the end of a process one may still be on its way while exit() runs destructors: an error category of asio's, say,
// would be used after its end. The library stays loaded for good (-z nodelete), so nothing is lost by leaving them
// alone.
//
// The definition is local to the library (see cmake/lbwire.map): its own objects register their destructors here, all
// others with the C library as ever.

extern "C" int __cxa_atexit(void (*)(void*), void*, void*);  // NOLINT(bugprone-reserved-identifier)

extern "C" __attribute__((visibility("hidden"))) int __cxa_atexit(  // NOLINT(bugprone-reserved-identifier)
    void (*)(void*), void*, void*) {
  return 0;
}
