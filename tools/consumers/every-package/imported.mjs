import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as core from '@countersign/core'
import * as door from '@countersign/core/door'
import * as express from '@countersign/express'
import * as koa from '@countersign/koa'
import Express from 'express'
import Koa from 'koa'
import battery from './battery.cjs'
import entries from './entries.cjs'

const require = createRequire(import.meta.url)

/** Every entry of every package is one module, whether it is imported or required. */
for (const { specifier } of entries) {
  const [imported, required] = [await import(specifier), require(specifier)]
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort(), specifier)
  for (const key of Object.keys(imported)) assert.equal(imported[key], required[key], key)
}

await battery({ core, door, express, koa, Express, Koa })
