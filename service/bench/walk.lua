-- Walks through prepared query strings, one a line, and ends with what was measured as one line of JSON.
-- wrk … -s walk.lua URL -- FILE PATH

function init(args)
  requests, walked = {}, 0
  -- As the client that asks beforehand: a cache may tell requests apart by these.
  local headers = { ["Accept"] = "application/sparql-results+json", ["Accept-Encoding"] = "identity" }
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", args[2] .. "?" .. line, headers)
  end
end

function request()
  walked = walked + 1
  return requests[(walked - 1) % #requests + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
