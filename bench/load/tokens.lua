-- For wrk: every request brings the next line of a file in a header, and a body if its length is not 0.
-- wrk -s tokens.lua URL -- FILE HEADER LENGTH

local values, at, name = {}, 0, nil

function init(args)
  for line in io.lines(args[1]) do
    values[#values + 1] = line
  end
  name = args[2]
  if tonumber(args[3]) > 0 then
    wrk.method = "POST"
    wrk.body = string.rep("x", tonumber(args[3]))
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
  if #values == 1 then
    wrk.headers[name] = values[1]
    local same = wrk.format()
    request = function() return same end
  elseif #values == 0 then
    local same = wrk.format()
    request = function() return same end
  end
end

function request()
  at = at % #values + 1
  wrk.headers[name] = values[at]
  return wrk.format()
end
