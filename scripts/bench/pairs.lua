-- Asks about known pairs, each once. Arguments: the template (method, path, body, each on a line), a file of pairs
-- (mobile number, email address and a new mobile number on a line, apart by tabs), the API key, after how many lines to
-- begin, and what every answer has to contain.
-- {mobile}, {email} and {new} become the pair's.

local threads = {}
sent, others, ran_out = 0, 0, 0
local method, path, body, headers, wanted
local pairs_left = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local template = io.open(args[1])
  method, path, body = template:read("*l"), template:read("*l"), template:read("*l")
  template:close()
  headers = {["Authorization"] = "Bearer " .. args[3], ["Content-Type"] = "application/json", ["Accept"] = "application/json"}
  local number = 0
  for line in io.lines(args[2]) do
    number = number + 1
    if number > tonumber(args[4]) then table.insert(pairs_left, line) end
  end
  wanted = args[5]
end

function request()
  local line = pairs_left[sent + 1]
  if line == nil then
    ran_out = 1
    wrk.thread:stop()
    line = pairs_left[1]
  end
  sent = sent + 1
  local values = {}
  values.mobile, values.email, values.new = line:match("^(%S+)\t(%S+)\t(%S+)$")
  return wrk.format(method, path, headers, (body:gsub("{(%l+)}", values)))
end

function response(status, _, text)
  if status ~= 200 or not text:find(wanted, 1, true) then
    others = others + 1
    if others == 1 then io.write(string.format("Not as it should be: %d %s\n", status, text:sub(1, 1000))) end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local counts = {sent = 0, others = 0, ran_out = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(counts) do counts[name] = counts[name] + thread:get(name) end
  end
  io.write(string.format(
    '\nRESULT {"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "sent": %d, "others": %d, "ran_out": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), counts.sent, counts.others,
    counts.ran_out, errors.connect + errors.read + errors.write + errors.timeout))
end
