# An installed llhttp, whatever it ships: its package file (none has a version file before 9.4, and
# the targets' names differ), a .pc file, or only header and library. The version is read from the
# header. Makes the target llhttp::llhttp and the variable llhttp_VERSION.

include("${CMAKE_CURRENT_LIST_DIR}/llhttp-version.cmake")

find_package(llhttp CONFIG QUIET)
if(NOT TARGET llhttp::llhttp)
  foreach(candidate llhttp::llhttp_shared llhttp_shared llhttp::llhttp_static llhttp_static)
    if(TARGET ${candidate} AND NOT TARGET llhttp::llhttp)
      add_library(llhttp::llhttp INTERFACE IMPORTED)
      target_link_libraries(llhttp::llhttp INTERFACE ${candidate})
    endif()
  endforeach()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LLHTTP QUIET libllhttp)
endif()
find_path(llhttp_INCLUDE_DIR llhttp.h HINTS ${PC_LLHTTP_INCLUDE_DIRS})
find_library(llhttp_LIBRARY NAMES llhttp HINTS ${PC_LLHTTP_LIBRARY_DIRS})
mark_as_advanced(llhttp_INCLUDE_DIR llhttp_LIBRARY)
headrace_llhttp_version("${llhttp_INCLUDE_DIR}" llhttp_VERSION)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(llhttp REQUIRED_VARS llhttp_LIBRARY llhttp_INCLUDE_DIR
                                  VERSION_VAR llhttp_VERSION)
if(llhttp_FOUND AND NOT TARGET llhttp::llhttp)
  add_library(llhttp::llhttp UNKNOWN IMPORTED)
  set_target_properties(llhttp::llhttp PROPERTIES IMPORTED_LOCATION "${llhttp_LIBRARY}"
                                                  INTERFACE_INCLUDE_DIRECTORIES
                                                  "${llhttp_INCLUDE_DIR}")
endif()
