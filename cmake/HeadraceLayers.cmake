# headrace_add_layer(name [PURE] [USES layer...] [PRIVATE dependency...])
#
# The target headrace_<name>, from engine/<name>/*.cpp. It sees the layers below it and the named
# dependencies. Since the compiler finds the other layers' headers and all of /usr/include unasked, a
# folder of stand-ins is searched first: each says why it is not to be had here. Below the purity
# line (PURE) that holds for threads, clocks, files and randomness too.

set(headrace_layers base http core tls io api)
set(headrace_dependencies libuv openssl llhttp uriparser simdjson)

# What is behind each door.
foreach(layer IN LISTS headrace_layers)
  file(GLOB headrace_doors_${layer} RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
       ${PROJECT_SOURCE_DIR}/engine/${layer}/*.hpp)
endforeach()
set(headrace_doors_openssl
    ssl.h err.h bio.h crypto.h evp.h x509.h x509v3.h x509_vfy.h rand.h pem.h opensslv.h)
list(TRANSFORM headrace_doors_openssl PREPEND openssl/)
set(headrace_doors_libuv uv.h)
set(headrace_doors_llhttp llhttp.h)
set(headrace_doors_uriparser uriparser/Uri.h)
set(headrace_doors_simdjson simdjson.h)
set(headrace_doors_impure
    thread mutex shared_mutex condition_variable future semaphore latch barrier stop_token
    fstream filesystem iostream random pthread.h threads.h unistd.h fcntl.h poll.h netdb.h
    sys/socket.h sys/epoll.h sys/time.h sys/random.h)

function(headrace_close_door target door reason)
  string(TOUPPER "${door}" permit)
  foreach(header IN LISTS headrace_doors_${door})
    configure_file(${PROJECT_SOURCE_DIR}/cmake/door.hpp.in
                   ${PROJECT_BINARY_DIR}/doors/${target}/${header} @ONLY)
  endforeach()
endfunction()

# Lets one source file through a door that its layer keeps shut.
function(headrace_open_door dependency source)
  string(TOUPPER "${dependency}" permit)
  set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS HEADRACE_MAY_USE_${permit})
endfunction()

function(headrace_close_doors target name)
  cmake_parse_arguments(PARSE_ARGV 2 layer "PURE" "" "BELOW;PRIVATE")
  foreach(other IN LISTS headrace_layers)
    if(NOT other IN_LIST layer_BELOW AND NOT other STREQUAL name)
      headrace_close_door(${target} ${other} "engine/${name} does not stand on engine/${other}")
    endif()
  endforeach()
  foreach(dependency IN LISTS headrace_dependencies)
    if(NOT dependency IN_LIST layer_PRIVATE)
      headrace_close_door(${target} ${dependency} "engine/${name} does not use ${dependency}")
    elseif(dependency MATCHES "llhttp|uriparser")
      headrace_close_door(${target} ${dependency} "only the sources of engine/${name} with an open door do that")
    endif()
  endforeach()
  if(layer_PURE)
    headrace_close_door(${target} impure "engine/${name} lies below the purity line")
    target_compile_options(
      ${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-include${PROJECT_SOURCE_DIR}/cmake/purity.hpp>)
  endif()
  target_include_directories(${target} BEFORE PRIVATE ${PROJECT_BINARY_DIR}/doors/${target})
endfunction()

function(headrace_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "PURE" "" "USES;PRIVATE")
  set(target headrace_${name})
  set(below ${layer_USES})
  foreach(layer IN LISTS layer_USES)
    list(APPEND below ${headrace_below_${layer}})
  endforeach()
  set(headrace_below_${name} ${below} PARENT_SCOPE)

  file(GLOB sources CONFIGURE_DEPENDS engine/${name}/*.cpp)
  set(pure "")
  if(layer_PURE)
    set(pure PURE)
  endif()
  set(public PUBLIC)
  if(sources)
    add_library(${target} STATIC ${sources})
  else()
    add_library(${target} INTERFACE)
    set(public INTERFACE)
  endif()
  list(TRANSFORM layer_USES PREPEND headrace_)
  target_link_libraries(${target} ${public} ${layer_USES})
  target_include_directories(${target} ${public} ${PROJECT_SOURCE_DIR}/include
                                                 ${PROJECT_SOURCE_DIR})
  if(sources)
    foreach(dependency IN LISTS layer_PRIVATE)
      target_link_libraries(${target} PRIVATE ${headrace_target_${dependency}})
    endforeach()
    target_compile_definitions(${target} PRIVATE $<$<BOOL:${BUILD_SHARED_LIBS}>:HEADRACE_SHARED>)
    headrace_close_doors(${target} ${name} ${pure} BELOW ${below} PRIVATE ${layer_PRIVATE})
  endif()
endfunction()
