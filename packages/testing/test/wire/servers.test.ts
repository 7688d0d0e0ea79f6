import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from 'supertest'
import { openTarget, type Target } from '../../src/wire/target'
import { certificate } from './certificate'
import { echo, echoed, portOf, started, stopped, type Echo } from './echo'

const DEADLINE = 5_000

describe('a base URL', () => {
  let server: Server
  beforeAll(async () => void (server = await started()))
  afterAll(() => stopped(server))

  it.each(['', '/', '/prefix', '/prefix/'])('keeps its path "%s" in front', async (path) => {
    const target = await openTarget(`http://127.0.0.1:${portOf(server)}${path}`, DEADLINE)
    const { url, rawHeaders } = await echoed(target, { target: '/vote?a=1' })
    expect(url).toBe(`${path.replace(/\/$/, '')}/vote?a=1`)
    expect(rawHeaders.slice(0, 2)).toEqual(['Host', `127.0.0.1:${portOf(server)}`])
  })

  it('may be a URL object, and may be told another host', async () => {
    const target = await openTarget(new URL(`http://127.0.0.1:${portOf(server)}`), DEADLINE)
    const { rawHeaders } = await echoed(target, { target: '/', headers: [['Host', 'a.test']] })
    expect(rawHeaders).toEqual(['Host', 'a.test'])
  })

  it('keeps its path in front of what goes through supertest', async () => {
    const target = await openTarget(request(`http://127.0.0.1:${portOf(server)}/p`), DEADLINE)
    expect(await echoed(target, { target: '/vote?"' })).toMatchObject({ url: '/p/vote?"' })
  })

  it('of HTTPS must have a certificate that is trusted', async () => {
    const secure = createSecureServer(certificate, echo)
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const target = await openTarget(`https://127.0.0.1:${portOf(secure)}`, DEADLINE)
    await expect(target.send({ target: '/' })).rejects.toThrow('self-signed certificate')
    await stopped(secure)
  })
})

describe('a server', () => {
  it('that listens goes on listening', async () => {
    const server = await started()
    const target = await openTarget(server, DEADLINE)
    expect(await echoed(target, { target: '/x' })).toMatchObject({ url: '/x' })
    await target.close()
    expect(server.listening).toBe(true)
    await stopped(server)
  })

  it('that the kit started is stopped', async () => {
    const server = createServer(echo)
    const target = await openTarget(server, DEADLINE)
    expect(server.listening).toBe(true)
    await target.close()
    expect(server.listening).toBe(false)
  })

  it('may listen on a socket file', async () => {
    const path = join(tmpdir(), `countersign-kit-${process.pid}.sock`)
    const server = createServer(echo)
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const target = await openTarget(server, DEADLINE)
    expect(await echoed(target, { target: '/x' })).toMatchObject({ url: '/x' })
    await stopped(server)
    rmSync(path, { force: true })
  })

  it.each([false, true])('gets what shares a line on one connection (TLS: %s)', async (tls) => {
    const server = tls ? createSecureServer(certificate, echo) : createServer(echo)
    const target = await openTarget(server, DEADLINE)
    const line = await target.connect()
    const ports = []
    for (const path of ['/1', '/2']) {
      ports.push((JSON.parse((await line.send({ target: path })).body) as Echo).port)
    }
    line.close()
    expect(ports[0]).toBe(ports[1])
    await target.close()
  })
})

describe('what a target can do wrong', () => {
  it('is told where nothing listens', async () => {
    const server = await started()
    const url = `http://127.0.0.1:${portOf(server)}`
    await stopped(server)
    for (const each of [url, request(url)]) {
      const target = await openTarget(each, DEADLINE)
      await expect(target.send({ target: '/' })).rejects.toThrow('ECONNREFUSED')
    }
  })

  it('is told where it never answers', async () => {
    const silent = () => undefined
    for (const each of [silent, request(silent)]) {
      const target = await openTarget(each, 50)
      await expect(target.send({ target: '/' })).rejects.toThrow('within 50 ms')
      await target.close()
    }
  })

  it.each([{}, null, 7, 'no url', 'ftp://a.test', 'http://a.test/?x=1'])(
    'is told at once where %p is no target',
    async (target) => {
      const opened = openTarget(target as Target, DEADLINE)
      await expect(opened).rejects.toThrow('This is nothing that a request can be sent to')
    },
  )

  it('is told where supertest does not know a method', async () => {
    const target = await openTarget(request(echo), DEADLINE)
    await expect(target.send({ method: 'BREW', target: '/' })).rejects.toThrow('BREW')
  })
})
