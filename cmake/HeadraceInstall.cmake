# What `cmake --install` lays down: the library, its public headers, and the files by which
# find_package and pkg-config find it.

include(CMakePackageConfigHelpers)
set(headrace_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/headrace)

install(
  TARGETS headrace
  EXPORT headraceTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET headrace_client)
  install(
    TARGETS headrace_client
    EXPORT headraceTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET headrace_c)
  install(
    TARGETS headrace_c
    EXPORT headraceTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(DIRECTORY include/headrace DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT headraceTargets NAMESPACE headrace:: DESTINATION ${headrace_cmake_dir})

configure_package_config_file(cmake/headraceConfig.cmake.in headraceConfig.cmake
                              INSTALL_DESTINATION ${headrace_cmake_dir})
# Before 1.0 a minor version may break; after it only a major one.
write_basic_package_version_file(headraceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/headraceConfig.cmake
        ${PROJECT_BINARY_DIR}/headraceConfigVersion.cmake cmake/Findlibuv.cmake
        cmake/Findllhttp.cmake cmake/Finduriparser.cmake cmake/llhttp-version.cmake
        cmake/Findbrotli.cmake cmake/Findzstd.cmake
  DESTINATION ${headrace_cmake_dir})

# The .pc file finds its prefix from its own place, so that a staged or moved install works too.
cmake_path(APPEND CMAKE_INSTALL_FULL_LIBDIR pkgconfig OUTPUT_VARIABLE headrace_pc_folder)
file(RELATIVE_PATH headrace_pc_prefix ${headrace_pc_folder} ${CMAKE_INSTALL_PREFIX})
set(headrace_pc_prefix "\${pcfiledir}/${headrace_pc_prefix}")
foreach(part LIBDIR INCLUDEDIR)
  string(TOLOWER ${part} name)
  set(headrace_pc_${name} "\${prefix}/${CMAKE_INSTALL_${part}}")
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${part}}")
    set(headrace_pc_${name} "${CMAKE_INSTALL_${part}}")
  endif()
endforeach()
set(headrace_pc_requires "libuv >= 1.44, openssl >= 3.0, liburiparser")
if(NOT TARGET headrace_llhttp)
  string(APPEND headrace_pc_requires ", libllhttp >= ${headrace_llhttp_minimum}")
endif()
set(headrace_pc_cflags "")
if(BUILD_SHARED_LIBS)
  set(headrace_pc_cflags " -DHEADRACE_SHARED")
endif()
configure_file(cmake/headrace.pc.in headrace.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/headrace.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET headrace_client)
  set(headrace_pc_codings "zlib")
  if(brotli_FOUND)
    string(APPEND headrace_pc_codings ", libbrotlidec")
  endif()
  if(zstd_FOUND)
    string(APPEND headrace_pc_codings ", libzstd")
  endif()
  configure_file(cmake/headrace-client.pc.in headrace-client.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/headrace-client.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
if(TARGET headrace_c)
  configure_file(cmake/headrace-c.pc.in headrace-c.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/headrace-c.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

set(headrace_doc_dir ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${headrace_doc_dir} OPTIONAL)
if(TARGET headrace_llhttp)
  install(FILES ${headrace_llhttp_folder}/LICENSE DESTINATION ${headrace_doc_dir}
          RENAME LICENSE.llhttp OPTIONAL)
endif()
