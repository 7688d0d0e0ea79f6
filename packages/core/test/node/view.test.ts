import type { IncomingMessage } from 'node:http'
import { NodeView } from '@countersign/core/node'
import { overHttp, post } from './over-http'

const viewOf = (req: IncomingMessage, native: object = req) => new NodeView(req, {}, '/', native)

/** A request that Node's parser did not make. */
const synthetic = (parts: object) => viewOf(parts as IncomingMessage) // as much of one as a mock has

describe('the view of a request', () => {
  it('has method, target and native request, and reads no body that is not asked for', async () => {
    const seen = await overHttp(post('body'), (req) => {
      const native = { req }
      const view = new NodeView(req, { body: 1 }, '/elsewhere?b=2', native)
      view.headers('x-signature')
      return {
        ...{ method: view.method, target: view.target, same: view.native === native },
        ...{ parsedBody: view.parsedBody, read: req.readableDidRead, flows: req.readableFlowing },
      }
    })
    expect(seen).toEqual({
      ...{ method: 'POST', target: '/elsewhere?b=2', same: true },
      ...{ parsedBody: 1, read: false, flows: null },
    })
  })

  it('has each value of a header as it was sent', async () => {
    const names = ['X-A: one', 'x-b: x-c', 'x-A:  two ', 'X-a: one, two', 'Authorization: a']
    const seen = await overHttp(post('', [...names, 'Authorization: b']), (req) =>
      ['x-a', 'authorization', 'x-c'].map((name) => viewOf(req).headers(name)),
    )
    expect(seen).toEqual([['one', 'two', 'one, two'], ['a', 'b'], []])
  })
})

describe('the headers of a request without a raw list', () => {
  it.each<[string, object, readonly string[]]>([
    ['text', { 'x-a': 'one, two' }, ['one, two']],
    ['a list', { 'x-a': ['one', 'two'] }, ['one', 'two']],
    ['a number', { 'x-a': 1 }, ['1']],
    ['other letter case', { 'X-A': 'one' }, ['one']],
    ['two letter cases', { 'X-A': 'one', 'x-a': 'two' }, ['one', 'two']],
    ['no such header', { 'x-b': 'one', 'x-a': undefined }, []],
    ['the Headers of Fetch', new Headers({ 'X-A': 'one' }), ['one']],
  ])('come from `headers`: %s', (_what, headers, expected) => {
    expect(synthetic({ headers }).headers('x-a')).toEqual(expected)
    expect(synthetic({ headers, rawHeaders: [] }).headers('x-a')).toEqual(expected)
  })

  it('are not taken for absent where there are none at all', () => {
    for (const parts of [{}, { headers: null }, { headers: undefined, rawHeaders: [] }]) {
      expect(() => synthetic(parts).headers('x-a')).toThrow(/neither `rawHeaders` nor `headers`/)
    }
  })
})

describe('the host of a request', () => {
  const FORWARDED = ['X-Forwarded-Host: app.example:8443, inner.example']
  /** As Express has it, in both majors. */
  const express = (trusts: boolean) => ({
    app: { get: (name: string) => (name === 'trust proxy fn' ? () => trusts : undefined) },
    get host(): never {
      throw new Error('deprecated in Express 4')
    },
  })

  it.each<[string, object, readonly string[], string | undefined]>([
    ['Express that trusts its proxy', express(true), FORWARDED, 'app.example:8443'],
    ['Express that trusts its proxy, which names no host', express(true), [], undefined],
    ['Express that trusts no proxy', express(false), FORWARDED, undefined],
    ['Koa', { app: {}, host: 'app.example' }, FORWARDED, 'app.example'],
    ['Koa without a host', { app: {}, host: '' }, [], undefined],
    ['a plain request', {}, FORWARDED, undefined],
  ])('is what the framework says: %s', async (_name, native, headers, expected) => {
    const host = await overHttp(post('', headers), (req) => viewOf(req, native).host)
    expect(host).toBe(expected)
  })
})
