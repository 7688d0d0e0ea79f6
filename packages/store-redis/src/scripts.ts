import { createHash } from 'node:crypto'

/** A program that the server runs in one atomic step, and the hash by which the server caches it. */
export interface Script {
  readonly text: string
  readonly sha: string
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

// Each script has one key. Its first argument is the id of the question, and its reply is
// [id, text or null]: the reply to another question has another id.

/**
 * Writes an entry unless another entry exists. Replies with the entry that the key holds afterwards.
 * Arguments: the id, the entry, a lease that it may replace, its lifetime in milliseconds (empty for
 * no end).
 */
export const TAKE: Script = script(`
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] and held ~= ARGV[3] then return {ARGV[1], held} end
if ARGV[4] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4]) end
return {ARGV[1], ARGV[2]}`)

/** Deletes an entry if it is the one given. Replies with the entry before. Arguments: the id, the entry. */
export const REMOVE: Script = script(`
local held = redis.call('GET', KEYS[1])
if held == ARGV[2] then redis.call('DEL', KEYS[1]) end
return {ARGV[1], held}`)

/** Replies with the entry. */
export const READ: Script = script(`return {ARGV[1], redis.call('GET', KEYS[1])}`)

/** Replies with the server's description of itself. The key chooses the node of a cluster. */
export const INFO: Script = script(`return {ARGV[1], redis.call('INFO')}`)
