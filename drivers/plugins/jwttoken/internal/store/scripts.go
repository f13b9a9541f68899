package store

// The scripts; Redis runs each as one step. A family is a hash with these fields:
//   - n: the generation of the refresh token that is out.
//   - dead: "1" once the family has been ended.
//   - answer: what carried that token, encrypted.
//   - at: when the answer could be given, in milliseconds.
//   - r: and the digest of a revoked token's ID, for each: until when that matters, in milliseconds.
//
// An owner's families are a sorted set, by the time of the login. A counter is a hash with a field for each attempt: until
// when its outcome is open, in milliseconds, or 0 once it counts.
//
// Times are those of Redis, so that the nodes' clocks do not matter. A call that the node no longer waits for may reach
// Redis when it goes on after a stall. Scripts that would do harm then do nothing after a deadline, ARGV[1].
const (
	scriptClock = `local t = redis.call('TIME')
return {t[1] * 1000 + math.floor(t[2] / 1000)}`

	// late is the answer of a script that came too late.
	late = -1

	untilDeadline = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if now > tonumber(ARGV[1]) then return {-1} end
`

	scriptBegin = untilDeadline + `redis.call('HSET', KEYS[1], 'n', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], t[1] * 1000000 + t[2], KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[3])
if over <= 0 then return {1} end
local live = {}
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local f = redis.call('HMGET', key, 'n', 'dead')
  if f[1] and not f[2] then
    live[#live + 1] = key
  else
    redis.call('ZREM', KEYS[2], key)
    over = over - 1
  end
end
for i = 1, over do
  redis.call('HSET', live[i], 'dead', '1')
  redis.call('HDEL', live[i], 'answer')
  redis.call('ZREM', KEYS[2], live[i])
end
return {1}`

	scriptRotate = untilDeadline + `local f = redis.call('HMGET', KEYS[1], 'n', 'dead', 'at', 'answer')
if not f[1] or f[2] then return {0} end
local n, current = tonumber(ARGV[2]), tonumber(f[1])
if n == current then
  redis.call('HSET', KEYS[1], 'n', current + 1, 'answer', ARGV[5])
  redis.call('HDEL', KEYS[1], 'at')
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
  return {1}
end
if n + 1 == current and f[4] and (not f[3] or now - tonumber(f[3]) <= tonumber(ARGV[3])) then return {2, f[4]} end
redis.call('HSET', KEYS[1], 'dead', '1')
redis.call('HDEL', KEYS[1], 'answer')
return {3}`

	scriptDelivered = `if redis.call('HGET', KEYS[1], 'n') ~= ARGV[1] then return {0} end
local t = redis.call('TIME')
return {redis.call('HSETNX', KEYS[1], 'at', t[1] * 1000 + math.floor(t[2] / 1000))}`

	scriptEnd = `redis.call('HSET', KEYS[1], 'dead', '1')
redis.call('HDEL', KEYS[1], 'answer')
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {1}`

	scriptRevoke = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if redis.call('HGET', KEYS[1], 'dead') then return {1} end
redis.call('HSET', KEYS[1], ARGV[1], now + ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if redis.call('HLEN', KEYS[1]) <= tonumber(ARGV[3]) then return {1} end
local live, all = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 2) == 'r:' then
    if tonumber(all[i + 1]) > now then live[#live + 1] = all[i] else redis.call('HDEL', KEYS[1], all[i]) end
  end
end
if #live > tonumber(ARGV[3]) / 2 then
  redis.call('HSET', KEYS[1], 'dead', '1')
  redis.call('HDEL', KEYS[1], 'answer')
  for _, field in ipairs(live) do redis.call('HDEL', KEYS[1], field) end
end
return {1}`

	scriptReserve = untilDeadline + `local id, count = ARGV[2], redis.call('HLEN', KEYS[1])
if redis.call('HEXISTS', KEYS[1], id) == 1 then return {1, 0} end
if count >= tonumber(ARGV[4]) then
  for _, lease in ipairs(redis.call('HVALS', KEYS[1])) do
    if tonumber(lease) > now then return {2, 0} end
  end
  return {0, redis.call('PTTL', KEYS[1])}
end
local lease = tonumber(ARGV[5])
redis.call('HSET', KEYS[1], id, lease > 0 and now + lease or 0)
if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return {1, 0}`

	scriptSettle = `if ARGV[2] == '0' then return {redis.call('HDEL', KEYS[1], ARGV[1])} end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HSET', KEYS[1], ARGV[1], '0') end
return {1}`
)
