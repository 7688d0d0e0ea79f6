import { createHash } from 'node:crypto'

/** A program for the server, and the name under which it may know it already. */
export interface Script {
  readonly text: string
  readonly sha: string
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/**
 * Writes where nothing else stands, and answers with what it was to write, so that no answer to
 * another question can be taken for it; where something stands in the way, with that as well.
 * Keys: the entry. Arguments: what to write, a lease that it may replace (or itself), how long (empty:
 * for ever).
 */
export const TAKE: Script = script(`
local write = {'SET', KEYS[1], ARGV[1]}
if ARGV[3] ~= '' then write = {'SET', KEYS[1], ARGV[1], 'PX', ARGV[3]} end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', unpack(write, 4)) then return ARGV[1] end
local held = redis.call('GET', KEYS[1])
if held ~= ARGV[1] and held ~= ARGV[2] then return {ARGV[1], held} end
redis.call(unpack(write))
return ARGV[1]`)

/**
 * Answers `OK` when it has done it, else with the entry that stands in the way.
 * Keys: the entry. Arguments: what it must be. Nothing in the way is a null.
 */
export const REMOVE: Script = script(`
local held = redis.call('GET', KEYS[1])
if held ~= ARGV[1] then return held end
redis.call('DEL', KEYS[1])
return redis.status_reply('OK')`)

/** Keys: one that chooses the node of a cluster. Writes nothing, reads no key. */
export const INFO: Script = script(`return redis.call('INFO')`)
