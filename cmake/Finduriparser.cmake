# uriparser's own package file, else its header and library. Makes the target uriparser::uriparser.

find_package(uriparser CONFIG QUIET)
if(NOT TARGET uriparser::uriparser)
  find_path(uriparser_INCLUDE_DIR uriparser/Uri.h)
  find_library(uriparser_LIBRARY NAMES uriparser)
  mark_as_advanced(uriparser_INCLUDE_DIR uriparser_LIBRARY)
  if(uriparser_INCLUDE_DIR AND uriparser_LIBRARY)
    add_library(uriparser::uriparser UNKNOWN IMPORTED)
    set_target_properties(
      uriparser::uriparser PROPERTIES IMPORTED_LOCATION "${uriparser_LIBRARY}"
                                      INTERFACE_INCLUDE_DIRECTORIES "${uriparser_INCLUDE_DIR}")
  endif()
endif()

set(uriparser_TARGET "")
if(TARGET uriparser::uriparser)
  set(uriparser_TARGET uriparser::uriparser)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(uriparser REQUIRED_VARS uriparser_TARGET)
