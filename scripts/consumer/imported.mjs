import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as core from '@countersign/core'
import * as express from '@countersign/express'
import * as koa from '@countersign/koa'
import * as node from '@countersign/node'
import * as schemes from '@countersign/schemes'
import * as storePostgres from '@countersign/store-postgres'
import * as storeRedis from '@countersign/store-redis'
import * as testing from '@countersign/testing'
import Express from 'express'
import Koa from 'koa'
import battery from './battery.cjs'

const require = createRequire(import.meta.url)

const stores = { 'store-redis': storeRedis, 'store-postgres': storePostgres }
const doors = { core, schemes, node, express, koa, testing, ...stores }
assert.deepEqual(Object.keys(doors).sort(), readdirSync('node_modules/@countersign').sort())

for (const [name, imported] of Object.entries(doors)) {
  const required = require(`@countersign/${name}`)
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort(), name)
  for (const key of Object.keys(imported)) assert.equal(imported[key], required[key], key)
}

await battery({ core, schemes, express, koa, Express, Koa })
