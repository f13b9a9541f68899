-- For wrk: every request brings the next line of a file in a header.
-- wrk -s tokens.lua URL -- FILE HEADER

local values, at, name = {}, 0, nil

function init(args)
  for line in io.lines(args[1]) do
    values[#values + 1] = line
  end
  name = args[2]
end

function request()
  at = at % #values + 1
  wrk.headers[name] = values[at]
  return wrk.format()
end
