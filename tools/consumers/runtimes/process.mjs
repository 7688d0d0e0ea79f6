// In Node, Bun and Deno: `import` and `require` find the same copy; then the program.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { Rejection } from '@countersign/core'
import { check } from './program.mjs'

const required = createRequire(import.meta.url)('@countersign/core')
assert.equal(required.Rejection, Rejection, 'import and require find two copies')
const { checks, wrong } = await check()
assert.deepEqual(wrong, [])
console.log(`${checks} checks passed`)
