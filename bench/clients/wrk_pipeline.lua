-- wrk sends the same text again and again when a script defines no request(): here that text is
-- `depth` requests. Prints what it counted as a line of JSON.

local format_one = wrk.format

function init(args)
  local depth = tonumber(args[1])
  wrk.format = function(...) return string.rep(format_one(...), depth) end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests":%d,"failed":%d,"seconds":%.6f}\n',
                         summary.requests, failed, summary.duration / 1e6))
end
