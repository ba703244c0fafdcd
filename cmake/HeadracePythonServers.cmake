# gunicorn and Werkzeug for tests/servers, in a Python environment of their own with pinned
# versions, made once for all build folders. Sets headrace_servers_python to its interpreter; where
# it could not be made there is none, and the tests skip, or fail under CI.

function(headrace_make_python_servers folder requirements)
  find_program(HEADRACE_PYTHON NAMES python3 python)
  mark_as_advanced(HEADRACE_PYTHON)
  if(NOT HEADRACE_PYTHON)
    message(WARNING "There is no Python: the tests against gunicorn and Werkzeug will be skipped")
    return()
  endif()
  file(LOCK "${folder}.lock" GUARD FUNCTION TIMEOUT 600)  # another preset may be at it
  if(EXISTS "${folder}/complete")
    return()
  endif()
  message(STATUS "Installing gunicorn and Werkzeug for the tests")
  file(REMOVE_RECURSE "${folder}")  # one that was broken off
  execute_process(COMMAND ${HEADRACE_PYTHON} -m venv ${folder} RESULT_VARIABLE failed
                  ERROR_VARIABLE complaint OUTPUT_VARIABLE complaint)
  if(failed EQUAL 0)
    execute_process(
      COMMAND ${folder}/bin/python -m pip install --quiet --disable-pip-version-check --no-deps
              --requirement ${requirements}
      RESULT_VARIABLE failed
      ERROR_VARIABLE complaint
      OUTPUT_VARIABLE complaint)
  endif()
  if(failed EQUAL 0)
    file(TOUCH "${folder}/complete")
  else()
    file(REMOVE_RECURSE "${folder}")
    message(WARNING "gunicorn and Werkzeug could not be installed: the tests against them will be "
                    "skipped\n${complaint}")
  endif()
endfunction()

set(requirements "${PROJECT_SOURCE_DIR}/tests/servers/python/requirements.txt")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${requirements}")
file(SHA256 "${requirements}" hash)
string(SUBSTRING "${hash}" 0 12 hash)
headrace_llhttp_cache(beside)
cmake_path(GET beside PARENT_PATH beside)
set(folder "${beside}/python-servers-${hash}")
if(NOT EXISTS "${folder}/complete")
  headrace_make_python_servers("${folder}" "${requirements}")
endif()
set(headrace_servers_python "${folder}/bin/python")
