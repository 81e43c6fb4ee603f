# The library, its header, and how other builds find them: CMake's find_package and pkg-config. The command line tool
# installs itself.
include(CMakePackageConfigHelpers)

set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lbwire)

install(TARGETS lbwire EXPORT lbwire
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/lbwire DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT lbwire FILE lbwireConfig.cmake NAMESPACE lbwire:: DESTINATION ${cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lbwireConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lbwireConfigVersion.cmake DESTINATION ${cmake_dir})

file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/lbwire.pc.in ${PROJECT_BINARY_DIR}/lbwire.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lbwire.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
