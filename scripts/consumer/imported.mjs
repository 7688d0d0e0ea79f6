import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as core from '@countersign/core'
import * as express from '@countersign/express'
import * as koa from '@countersign/koa'
import * as node from '@countersign/node'
import * as schemes from '@countersign/schemes'
import Express from 'express'
import Koa from 'koa'
import battery from './battery.cjs'

const require = createRequire(import.meta.url)

for (const [name, imported] of Object.entries({ core, schemes, node, express, koa })) {
  const required = require(`@countersign/${name}`)
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort(), name)
  for (const key of Object.keys(imported)) assert.equal(imported[key], required[key], key)
}

await battery({ core, schemes, express, koa, Express, Koa })
