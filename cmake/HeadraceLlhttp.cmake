# llhttp: the system's if it is new enough, else its source, compiled hidden into headrace.
#
# Older ones let through what S33 and S34 refuse. The source comes from HEADRACE_LLHTTP_SOURCE when
# that is set, else out of a source distribution whose hash is pinned, once for all build folders.
# Sets headrace_target_llhttp, a target to link.

include("${CMAKE_CURRENT_LIST_DIR}/llhttp-version.cmake")

set(headrace_llhttp_minimum 9.2)
set(headrace_llhttp_pinned 9.4.2)
set(headrace_llhttp_files build/llhttp.h build/c/llhttp.c src/native/api.c src/native/http.c LICENSE)

# Names the first way in which the folder is no llhttp source; empty when it is one.
function(headrace_judge_llhttp folder result)
  set(${result} "" PARENT_SCOPE)
  foreach(file llhttp.h llhttp.c api.c http.c)
    if(NOT EXISTS "${folder}/${file}")
      set(${result} "it has no ${file}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  headrace_llhttp_version("${folder}" version)
  if(version VERSION_LESS headrace_llhttp_minimum)
    set(${result} "it is ${version}, ${headrace_llhttp_minimum} or newer is needed" PARENT_SCOPE)
  endif()
endfunction()

# Fills the folder from the pinned archive; pip refuses one with another hash.
function(headrace_fetch_llhttp folder)
  find_program(HEADRACE_PYTHON NAMES python3 python)
  mark_as_advanced(HEADRACE_PYTHON)
  set(no_pip 1)
  if(HEADRACE_PYTHON)
    execute_process(COMMAND ${HEADRACE_PYTHON} -m pip --version RESULT_VARIABLE no_pip OUTPUT_QUIET
                                                                ERROR_QUIET)
  endif()
  if(NOT no_pip EQUAL 0)
    return()
  endif()

  message(STATUS "Fetching the source of llhttp ${headrace_llhttp_pinned}")
  set(download "${folder}.download")
  file(REMOVE_RECURSE "${download}")
  file(MAKE_DIRECTORY "${download}")
  execute_process(
    COMMAND ${HEADRACE_PYTHON} -m pip download --quiet --disable-pip-version-check --no-deps
            --no-binary aiohttp --require-hashes --dest ${download} --requirement
            ${PROJECT_SOURCE_DIR}/cmake/llhttp-requirements.txt
    RESULT_VARIABLE failed
    ERROR_VARIABLE complaint
    OUTPUT_QUIET)
  file(GLOB archive "${download}/*.tar.gz")
  if(NOT failed EQUAL 0 OR NOT archive)
    message(FATAL_ERROR "The source of llhttp could not be fetched with pip:\n${complaint}\n"
                        "Without a network, give a folder that holds llhttp.h, llhttp.c, api.c and "
                        "http.c with -DHEADRACE_LLHTTP_SOURCE=FOLDER.")
  endif()
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${download}" PATTERNS "*/vendor/llhttp/*")
  file(GLOB vendored "${download}/*/vendor/llhttp")
  file(MAKE_DIRECTORY "${download}/chosen")
  foreach(file IN LISTS headrace_llhttp_files)
    file(COPY "${vendored}/${file}" DESTINATION "${download}/chosen")
  endforeach()
  # The rename comes last: a fetch that is broken off leaves nothing that looks complete.
  file(REMOVE_RECURSE "${folder}")
  file(RENAME "${download}/chosen" "${folder}")
  file(REMOVE_RECURSE "${download}")
endfunction()

# Where the fetched source is kept: beside the presets' build folders, for all of them.
function(headrace_llhttp_cache result)
  set(parent "${PROJECT_BINARY_DIR}")
  if(PROJECT_BINARY_DIR MATCHES "^${PROJECT_SOURCE_DIR}/build/")
    set(parent "${PROJECT_SOURCE_DIR}/build")
  endif()
  set(${result} "${parent}/_deps/llhttp-${headrace_llhttp_pinned}" PARENT_SCOPE)
endfunction()

set(headrace_target_llhttp "")
set(headrace_llhttp_folder "${HEADRACE_LLHTTP_SOURCE}")
if(HEADRACE_LLHTTP_SOURCE)
  headrace_judge_llhttp("${HEADRACE_LLHTTP_SOURCE}" headrace_llhttp_fault)
  if(headrace_llhttp_fault)
    message(FATAL_ERROR "HEADRACE_LLHTTP_SOURCE=${HEADRACE_LLHTTP_SOURCE} is not usable: "
                        "${headrace_llhttp_fault}.")
  endif()
else()
  find_package(llhttp ${headrace_llhttp_minimum} QUIET MODULE)
  if(llhttp_FOUND)
    set(headrace_target_llhttp llhttp::llhttp)
  else()
    headrace_llhttp_cache(headrace_llhttp_folder)
    file(LOCK "${headrace_llhttp_folder}.lock" GUARD FILE TIMEOUT 300)
    headrace_judge_llhttp("${headrace_llhttp_folder}" headrace_llhttp_fault)
    if(headrace_llhttp_fault)
      headrace_fetch_llhttp("${headrace_llhttp_folder}")
      headrace_judge_llhttp("${headrace_llhttp_folder}" headrace_llhttp_fault)
    endif()
    file(LOCK "${headrace_llhttp_folder}.lock" RELEASE)
  endif()
endif()

if(NOT headrace_target_llhttp AND NOT headrace_llhttp_fault)
  headrace_llhttp_version("${headrace_llhttp_folder}" headrace_llhttp_compiled)
  message(STATUS "llhttp ${headrace_llhttp_compiled} is compiled in")
  add_library(
    headrace_llhttp STATIC ${headrace_llhttp_folder}/llhttp.c ${headrace_llhttp_folder}/api.c
                           ${headrace_llhttp_folder}/http.c)
  target_include_directories(headrace_llhttp SYSTEM PUBLIC ${headrace_llhttp_folder})
  target_compile_options(headrace_llhttp PRIVATE -w)
  set_target_properties(headrace_llhttp PROPERTIES C_CLANG_TIDY "" UNITY_BUILD OFF)
  set(headrace_target_llhttp headrace_llhttp)
endif()
headrace_require(headrace_target_llhttp
                 "llhttp ${headrace_llhttp_minimum} or newer, or python3 with pip to fetch its source"
                 python3-pip)
