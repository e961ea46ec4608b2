-- wrk's script: plays prepared requests in a given order and says what came of it.
-- Arguments: a file of requests, NUL between them, and a file of their numbers in the
-- order of asking. Without arguments wrk asks its own one request, at its full speed.

local requests, order, position = {}, {}, 0

local function contents(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local function play()
  position = position + 1
  if position > #order then position = 1 end
  return requests[order[position]]
end

function init(args)
  if #args < 2 then return end
  for text in contents(args[1]):gmatch("[^%z]+") do requests[#requests + 1] = text end
  for number in contents(args[2]):gmatch("%d+") do order[#order + 1] = tonumber(number) end
  request = play
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests":%d,"seconds":%f,"bytes":%d,"p50":%f,"p99":%f,"broken":%d,"refused":%d}',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
