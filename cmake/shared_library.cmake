# How the shared library is linked: it needs libc alone, and shows lbw_* alone, so that it fits into any process.

# Sections that the linker can drop one by one; the layers are static libraries, and not everything in them is called.
target_compile_options(lbwire_options INTERFACE -ffunction-sections -fdata-sections)

# GNU ld and gold show the name of a version node as a symbol besides; mold and lld do not.
find_program(LBWIRE_MOLD mold)

# Makes `target`, a SHARED library of the C ABI's sources, into liblbwire.so.
function(lbwire_shared_library target)
  set(abi 1)
  set(map ${PROJECT_SOURCE_DIR}/cmake/lbwire.map)
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME lbwire
    SOVERSION ${abi}
    VERSION ${abi}.${PROJECT_VERSION}
    LINK_DEPENDS ${map})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_definitions(${target} PRIVATE LBWIRE_BUILD)
  target_compile_options(${target} PRIVATE -fno-ipa-icf)  # each function by its own name in stacks and ABI dumps
  target_link_options(${target} PRIVATE
    -Wl,--version-script=${map}
    -Wl,--gc-sections
    -Wl,-z,relro -Wl,-z,now
    -Wl,-z,nodelete)  # its threads may outlive dlclose
  if(NOT LBWIRE_SANITIZE)  # the sanitizers' own symbols come from the program
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,-z,defs)
    if(LBWIRE_MOLD)
      target_link_options(${target} PRIVATE -fuse-ld=mold)
    endif()
  endif()
endfunction()
