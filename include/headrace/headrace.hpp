#pragma once

// Everything that headrace offers to C++.

#include "headrace/as_completed.hpp"
#include "headrace/engine.hpp"
#include "headrace/error.hpp"
#include "headrace/future.hpp"
#include "headrace/headers.hpp"
#include "headrace/log.hpp"
#include "headrace/options.hpp"
#include "headrace/proxy.hpp"
#include "headrace/request.hpp"
#include "headrace/response.hpp"
#include "headrace/response_stream.hpp"
#include "headrace/stats.hpp"
#include "headrace/tls_options.hpp"
#include "headrace/version.hpp"
#include "headrace/when_all.hpp"
