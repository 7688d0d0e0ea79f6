import { createServer, type RequestListener } from 'node:http'
import { portalCases, type Target } from '@countersign/testing'
import express from 'express'
import Koa from 'koa'
import request from 'supertest'
import { requireSignedUser } from '@countersign/koa'
import { guarded, served } from '../support/apps'
import { failingIds } from '../support/failing'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'

function casesFor(name: SampleName, route = '/vote') {
  const { portal, user, guard } = sample(name)
  const cases = portalCases(portal, route, { ...guard, now, user })
  return { cases, app: guarded('Express 5', portal, guard), portal, guard }
}

/** Each in its own way, on the same kind of app. */
const targets: Readonly<Record<string, (app: RequestListener) => Target>> = {
  'a server that does not listen': (app) => createServer(app),
  'supertest’s request(app)': (app) => request(app),
  'supertest’s agent': (app) => request.agent(app),
}

/** One for each way that credentials travel. */
const FEW = ['FeatKit', 'Harlyy', 'fdback', 'acme'] as const

describe.each(Object.entries(targets))('through %s', (_, targetOf) => {
  it.each(FEW)('each case of %s passes', async (name) => {
    const { app, cases } = casesFor(name)
    expect(await failingIds(cases, targetOf(app))).toEqual([])
  })

  it('a broken app is found out', async () => {
    const { cases } = casesFor('FeatKit')
    const open: RequestListener = (_req, res) => void res.end('welcome')
    const failing = await failingIds(cases, targetOf(open))
    expect(failing).toEqual(expect.arrayContaining(['missing', 'wrongSecret', 'expired']))
    expect(failing).not.toContain('signed-user')
  })
})

describe('through a base URL', () => {
  it.each(NAMES)('each case of %s passes, on a server behind a prefix', async (name) => {
    const { app, cases } = casesFor(name)
    const failing = await served(express().use('/prefix', app), async (port, server) => {
      const ids = await failingIds(cases, new URL(`http://127.0.0.1:${port}/prefix/`))
      expect(server.listening).toBe(true)
      return ids
    })
    expect(failing).toEqual([])
  })

  it.each(FEW)('each case of %s passes, through supertest', async (name) => {
    const { app, cases } = casesFor(name)
    const failing = await served(app, (port) =>
      failingIds(cases, request(`http://127.0.0.1:${port}`)),
    )
    expect(failing).toEqual([])
  })
})

describe('through a Koa app itself', () => {
  it.each(FEW)('each case of %s passes', async (name) => {
    const { portal, guard, cases } = casesFor(name)
    const app = new Koa()
    app.silent = true
    app.use(requireSignedUser(portal, { ...guard, now }))
    app.use((ctx) => {
      ctx.body = 'welcome'
    })
    expect(await failingIds(cases, app)).toEqual([])
  })
})

describe('a route', () => {
  it('may have a query of its own', async () => {
    const { app, cases } = casesFor('SeggWat', '/vote?lang=en')
    expect(await failingIds(cases, app)).toEqual([])
  })

  it('may be the root', async () => {
    const { app, cases } = casesFor('Harlyy', '/')
    expect(await failingIds(cases, app)).toEqual([])
  })
})
