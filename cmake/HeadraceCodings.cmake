# The content codings' libraries, as many as were found.

function(headrace_link_codings target)
  target_link_libraries(${target} PRIVATE ZLIB::ZLIB)
  if(brotli_FOUND)
    target_link_libraries(${target} PRIVATE brotli::dec)
    target_compile_definitions(${target} PRIVATE HEADRACE_HAS_BROTLI)
  endif()
  if(zstd_FOUND)
    target_link_libraries(${target} PRIVATE zstd::zstd)
    target_compile_definitions(${target} PRIVATE HEADRACE_HAS_ZSTD)
  endif()
endfunction()

# And what encodes, for tests: brotli has another library for that.
function(headrace_link_encoders target)
  headrace_link_codings(${target})
  if(brotli_FOUND)
    find_library(HEADRACE_BROTLI_ENCODER brotlienc REQUIRED)
    mark_as_advanced(HEADRACE_BROTLI_ENCODER)
    target_link_libraries(${target} PRIVATE ${HEADRACE_BROTLI_ENCODER})
  endif()
endfunction()
