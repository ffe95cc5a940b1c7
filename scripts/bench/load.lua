-- Sends the request of a template again and again. Arguments: the template (method, path, body, each on a line), a file
-- of ids, the API key, and the number from which new contacts are counted.
-- {id} becomes one of the ids, by chance; {mobile} and {email} become new ones, other ones in every request.

local area_codes = {205, 214, 303, 305, 404, 408, 503, 512, 602, 614, 650, 704, 720, 801, 813, 901, 904, 913, 916, 925}
local letters = "abcdefghijklmnopqrstuvwxyz"
local method, path, body, headers, built, count, number

local function word(length)
  local out = {}
  for place = 1, length do
    local at = math.random(#letters)
    out[place] = letters:sub(at, at)
  end
  return table.concat(out)
end

-- A number that no other request of any run had: n is spread over all that there are (99999989 is a prime).
local function mobile(n)
  local spread = (n * 7654321) % 99999989
  local rest = spread % 5000000
  local exchange = rest % 500
  return string.format("+1%d%d%02d%04d", area_codes[math.floor(spread / 5000000) + 1], 2 + exchange % 8,
    20 + math.floor(exchange / 8), math.floor(rest / 500))
end

function init(args)
  local template = io.open(args[1])
  method, path, body = template:read("*l"), template:read("*l"), template:read("*l")
  template:close()
  number = tonumber(args[4])
  math.randomseed(number + os.time())
  headers = {["Authorization"] = "Bearer " .. args[3], ["Content-Type"] = "application/json", ["Accept"] = "application/json"}
  if body == "" then body = nil end
  built, count = {}, 0
  if not (body and body:find("{mobile}", 1, true)) then
    for id in io.lines(args[2]) do
      count = count + 1
      built[count] = wrk.format(method, (path:gsub("{id}", id)), headers, body and (body:gsub("{id}", id)))
    end
  end
end

function request()
  if count > 0 then return built[math.random(count)] end
  number = number + 1
  local email = string.format("%s.%s.%d@mail%d.example.com", word(5), word(7), number, math.random(400))
  local filled = body:gsub("{mobile}", mobile(number)):gsub("{email}", email)
  return wrk.format(method, path, headers, filled)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "refused": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
