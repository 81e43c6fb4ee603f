# Each dependency is used by one layer, which links it privately where its headers stay out of ours.
find_package(Threads REQUIRED)

# The shared library takes zlib into itself where the archive is there.
find_library(LBWIRE_ZLIB_ARCHIVE libz.a)
if(LBWIRE_ZLIB_ARCHIVE)
  set(ZLIB_USE_STATIC_LIBS ON)
endif()
find_package(ZLIB REQUIRED)

find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)

# protozero and asio are headers alone, and Debian's packages carry no CMake files for them.
find_path(PROTOZERO_INCLUDE_DIR protozero/version.hpp REQUIRED)
add_library(protozero INTERFACE)
target_include_directories(protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})

find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(asio INTERFACE)
target_include_directories(asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
# Whether asio sees std::aligned_alloc depends on what a file includes before it, so that one file would free by
# operator delete what another took by aligned_alloc: none of them uses it.
target_compile_definitions(asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED ASIO_DISABLE_STD_ALIGNED_ALLOC)
target_link_libraries(asio INTERFACE Threads::Threads)
