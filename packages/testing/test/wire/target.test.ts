import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import { openTarget, type OpenTarget, type Target } from '../../src/wire/target'
import type { RawRequest } from '../../src/wire/raw-http'
import { certificate } from './certificate'
import { echo, echoed } from './echo'

const DEADLINE = 5_000

const express = (make: typeof express5): Target => make().use(echo)
const koa = (Make: typeof Koa3): Koa3 =>
  new Make().use((ctx) => {
    ctx.respond = false
    echo(ctx.req, ctx.res)
  })

const targets: Readonly<Record<string, () => Target>> = {
  'a handler': () => echo,
  'an Express 4 app': () => express(express4),
  'an Express 5 app': () => express(express5),
  'a Koa 2 app': () => koa(Koa2),
  'a Koa 3 app': () => koa(Koa3),
  'the callback of a Koa app': () => koa(Koa3).callback(),
  'a server that does not listen': () => createServer(echo),
  'a server of HTTPS': () => createSecureServer(certificate, echo),
  'supertest’s request(app)': () => request(express(express5) as Server),
  'supertest’s agent': () => request.agent(express(express4) as Server),
}

const awkward: RawRequest = {
  method: 'POST',
  target: '/a/./b/../c;x//%2e%zz?token=a+b/c==&"\'|{}[]\\^`&token=%2B&&=#f',
  headers: [
    ['X-Twice', 'one'],
    ['content-type', 'application/json'],
    ['x-twice', 'two'],
    ['X-Latin', 'caf\u00e9'],
  ],
  body: Buffer.from([0x7b, 0x00, 0xff, 0x0d, 0x0a, 0x7d]),
}

describe.each(Object.entries(targets))('%s', (_, make) => {
  let target: OpenTarget
  beforeAll(async () => {
    target = await openTarget(make(), DEADLINE)
  })
  afterAll(() => target.close())

  it('gets the target and the body as they are, byte for byte', async () => {
    const { method, url, body } = await echoed(target, awkward)
    expect({ method, url, body }).toEqual({
      method: 'POST',
      url: awkward.target,
      body: '7b00ff0d0a7d',
    })
  })

  it('gets a header twice that is sent twice', async () => {
    const { rawHeaders } = await echoed(target, awkward)
    const values = rawHeaders.filter((_name, at) => rawHeaders[at - 1]?.toLowerCase() === 'x-twice')
    expect(values).toEqual(['one', 'two'])
    expect(rawHeaders).toEqual(expect.arrayContaining(['content-type', 'application/json']))
    expect(rawHeaders[rawHeaders.indexOf('X-Latin') + 1]).toBe('caf\u00e9')
  })

  it('gets an answer with each of its headers read', async () => {
    const { status, rawHeaders } = await target.send({ target: '/' })
    expect(status).toBe(200)
    const cookies = rawHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie')
    expect(cookies.map(([, value]) => value)).toEqual(['a=1', 'b=2'])
  })

  it('answers HEAD, OPTIONS and a method that few know', async () => {
    for (const method of ['HEAD', 'OPTIONS', 'PROPFIND', 'DELETE']) {
      const { status, body } = await target.send({ method, target: '/' })
      expect([status, body === '']).toEqual([200, method === 'HEAD'])
    }
  })

  it('gets a body that is sent in pieces', async () => {
    const { body } = await echoed(target, { method: 'PUT', target: '/', body: ['ab', 'c'] })
    expect(body).toBe(Buffer.from('abc').toString('hex'))
  })

  it('gets no body and no type where none is sent', async () => {
    const { body, rawHeaders } = await echoed(target, { method: 'POST', target: '/' })
    expect(body).toBe('')
    expect(rawHeaders.map((name) => name.toLowerCase())).not.toContain('content-type')
  })

  it('answers several on one line, and many at once', async () => {
    const line = await target.connect()
    for (const target of ['/1', '/2']) {
      expect(JSON.parse((await line.send({ target })).body)).toMatchObject({ url: target })
    }
    line.close()
    const paths = Array.from({ length: 16 }, (_each, index) => `/${index}`)
    const all = await Promise.all(paths.map((path) => echoed(target, { target: path })))
    expect(all.map(({ url }) => url)).toEqual(paths)
  })
})
