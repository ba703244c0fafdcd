# How our own code is compiled. All of it is scoped to this folder: a project that adds headrace with
# add_subdirectory keeps its own flags, and sees none of our warnings.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # the static library is linked into language bindings too

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "headrace needs g++ 12 or newer (this is ${CMAKE_CXX_COMPILER_VERSION}): "
                      "choose another with -DCMAKE_CXX_COMPILER=...")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "headrace needs clang 19 or newer, older ones cannot parse std::expected "
                      "(this is ${CMAKE_CXX_COMPILER_VERSION}): choose another with "
                      "-DCMAKE_CXX_COMPILER=clang++-19")
endif()

if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

find_program(HEADRACE_CCACHE ccache)
mark_as_advanced(HEADRACE_CCACHE)
if(HEADRACE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${HEADRACE_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HEADRACE_CCACHE}")
endif()

add_compile_options(
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion>"
  # g++ takes what a unity build includes for headers, where a type without linkage would be a mistake
  "$<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<COMPILE_LANG_AND_ID:CXX,GNU>>:-Wno-subobject-linkage>"
  "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${HEADRACE_WERROR}>>:-Werror>"
  "$<$<CONFIG:Release>:-fstack-protector-strong;-D_FORTIFY_SOURCE=2>"
  # A test that asks an expected for the error it has not would pass by what lies there.
  "$<$<CONFIG:Debug>:-D_GLIBCXX_ASSERTIONS>")
# g++ clears an object of a hundred bytes with `rep stos`, whose start takes longer than all its stores.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(stores -mmemset-strategy=vector_loop:256:noalign,libcall:-1:noalign)
  add_compile_options("$<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:${stores}>")
endif()
add_link_options("$<$<CONFIG:Release>:-Wl,-z,relro,-z,now>")
# Valgrind 3.19 ends at clang's DWARF 5.
add_compile_options("$<$<C_COMPILER_ID:Clang>:-fdebug-default-version=4>")

if(HEADRACE_SANITIZE)
  add_compile_options(-fsanitize=${HEADRACE_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HEADRACE_SANITIZE})
endif()

if(HEADRACE_COVERAGE)  # tests/coverage reads what this writes
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
