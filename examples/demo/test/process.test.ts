import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { dataFolder, runDemo, runToTheEnd, type RunningDemo } from './running-demo'
import { BOARDS, enter, firstRequest, pathOf, postSigned, signFor, votes } from './visits'

jest.setTimeout(120_000)

describe('the demo as a process', () => {
  const data = dataFolder()
  const variables = { DATA_FOLDER: data.folder }
  const running: RunningDemo[] = []
  async function run(): Promise<RunningDemo> {
    const demo = await runDemo(variables)
    running.push(demo)
    return demo
  }
  afterEach(async () => {
    for (const demo of running.splice(0)) await demo.stop()
  })
  afterAll(() => data.remove())

  it('keeps votes and used links over a restart', async () => {
    const before = await run()
    const ada = await enter(before, 'ada', 'featkit')
    const { text } = await ada.get(BOARDS.featkit)
    await ada.post(`${BOARDS.featkit}/${firstRequest(text)}/vote`).expect(303)
    const link = pathOf((await signFor(before, 'ada', '/sign/harlyy')).url)
    const answer = { rating: '4' }
    await request(before.portalOrigin).post(link).type('form').send(answer).expect(303)
    const fdback = await signFor(before, 'ada', '/sign/fdback')
    await postSigned(request.agent(before.portalOrigin), fdback).expect(200)
    await before.stop()

    const after = await run()
    const board = (await request(after.portalOrigin).get(BOARDS.featkit)).text
    const used = await request(after.portalOrigin).post(link).type('form').send(answer)
    const replayed = await postSigned(request.agent(after.portalOrigin), fdback)
    expect(votes(board)[0]).toBe(votes(text)[0]! + 1)
    expect(used.text).toContain('<code>401 token_replayed</code>')
    expect(replayed.text).toContain('<code>401 token_replayed</code>')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops at %s, with nothing left open', async (signal) => {
    const demo = await run()
    const agent = request.agent(demo.appOrigin).set('Connection', 'keep-alive')
    await agent.get('/').expect(200)
    expect(await demo.stop(signal)).toBe(0)
    await expect(request(demo.appOrigin).get('/')).rejects.toThrow('ECONNREFUSED')
    expect(demo.output()).toBe(
      `\n  App     ${demo.appOrigin}   start here\n  Portal  ${demo.portalOrigin}\n\n  Ctrl-C stops both.\n\n`,
    )
  })

  it.each(['APP_PORT', 'PORTAL_PORT'])('says in one line that %s is taken', async (variable) => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const port = (other.address() as AddressInfo).port // it listens on a port
    const { code, output } = await runToTheEnd({ ...variables, [variable]: String(port) })
    other.close()
    expect(code).toBe(1)
    expect(output).toBe(`Port ${port} is taken. Set ${variable} to another one.\n`)
  })

  it('says in one line that a port is none', async () => {
    const { code, output } = await runToTheEnd({ ...variables, APP_PORT: '65536' })
    expect(code).toBe(1)
    expect(output).toBe('APP_PORT is not a port: "65536" (a number from 0 to 65535)\n')
  })

  it('leaves the data of a running demo alone', async () => {
    await run()
    const second = await runToTheEnd(variables)
    expect(second.code).toBe(1)
    expect(second.output).toMatch(
      /^The data in \S+ is in use by process \d+\. Set DATA_FOLDER .+\n$/,
    )
  })

  it('says in one line that there is no database server', async () => {
    const nobody = 'postgres://127.0.0.1:1/none'
    const { code, output } = await runToTheEnd({ ...variables, DATABASE_URL: nobody })
    expect(code).toBe(1)
    expect(output).toMatch(/^.*ECONNREFUSED.*\n$/)
  })
})
