# Brotli's decoder, by header and library. Makes the target brotli::dec.

find_path(brotli_INCLUDE_DIR brotli/decode.h)
find_library(brotli_LIBRARY NAMES brotlidec)
mark_as_advanced(brotli_INCLUDE_DIR brotli_LIBRARY)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(brotli REQUIRED_VARS brotli_LIBRARY brotli_INCLUDE_DIR)
if(brotli_FOUND AND NOT TARGET brotli::dec)
  add_library(brotli::dec UNKNOWN IMPORTED)
  set_target_properties(brotli::dec PROPERTIES IMPORTED_LOCATION "${brotli_LIBRARY}"
                                               INTERFACE_INCLUDE_DIRECTORIES "${brotli_INCLUDE_DIR}")
endif()
