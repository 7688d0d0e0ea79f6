import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { close, listen } from '../src/listen'

describe('a server of the demo', () => {
  it('tells where it is reached', async () => {
    const server = createServer((_req, res) => void res.end('here'))
    const origin = await listen(server, { port: 0, variable: 'APP_PORT' })
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(origin)).text()).toBe('here')
    await close(server)
  })

  it('closes without waiting for a connection on which nobody speaks', async () => {
    const server = createServer()
    server.headersTimeout = server.requestTimeout = 0
    const { port } = new URL(await listen(server, { port: 0, variable: 'APP_PORT' }))
    const silent = connect(Number(port), '127.0.0.1')
    const [heard] = (await once(server, 'connection')) as [Socket] // what `connection` hands over
    for (const end of [server, heard, silent]) end.unref() // were they to stay, Jest would too
    const gone = once(silent, 'close')
    await close(server)
    expect(await gone).toEqual([false])
  })

  it('names the port that it may not have, and how to choose another', async () => {
    const server = createServer()
    const { port } = new URL(await listen(server, { port: 0, variable: 'APP_PORT' }))
    const second = listen(createServer(), { port: Number(port), variable: 'PORTAL_PORT' })
    await expect(second).rejects.toThrow(`Port ${port} is taken. Set PORTAL_PORT to another one.`)
    await close(server)
  })
})
