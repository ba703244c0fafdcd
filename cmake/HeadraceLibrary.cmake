# The library: the layers' objects and, when we compile it ourselves, llhttp's, all hidden inside.

set(headrace_objects "")
foreach(layer IN LISTS headrace_layers)
  get_target_property(kind headrace_${layer} TYPE)
  if(kind STREQUAL "STATIC_LIBRARY")
    list(APPEND headrace_objects $<TARGET_OBJECTS:headrace_${layer}>)
  endif()
endforeach()
if(TARGET headrace_llhttp)
  list(APPEND headrace_objects $<TARGET_OBJECTS:headrace_llhttp>)
endif()

# What the objects need, for a library made of them.
function(headrace_link_dependencies target)
  target_link_libraries(
    ${target} PRIVATE ${headrace_target_libuv} ${headrace_target_openssl}
                      ${headrace_target_uriparser} Threads::Threads)
  if(NOT TARGET headrace_llhttp)
    target_link_libraries(${target} PRIVATE ${headrace_target_llhttp})
  endif()
endfunction()

add_library(headrace ${headrace_objects})
add_library(headrace::headrace ALIAS headrace)
set_target_properties(headrace PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION}
                                          SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_compile_features(headrace PUBLIC cxx_std_23)
target_include_directories(headrace PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
headrace_link_dependencies(headrace)
if(BUILD_SHARED_LIBS)
  target_compile_definitions(headrace PUBLIC HEADRACE_SHARED)
endif()
