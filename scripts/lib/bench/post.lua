-- Posts one message over and over, and prints the figures as one line of CSV. The request is built once, so that the
-- load generator costs little; what the answers were is told by their status and by their total length.

local function env(name)
  return assert(os.getenv(name), name .. " is not set")
end

wrk.method = "POST"
wrk.body = env("BENCH_BODY")
for line in env("BENCH_HEADERS"):gmatch("[^\n]+") do
  local name, value = line:match("^(.-): (.*)$")
  wrk.headers[name] = value
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("FIGURES %d,%d,%d,%d,%d,%d,%d,%d,%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
