import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { close, listen } from '../src/listen'

describe('a server of the demo', () => {
  it('listens on this machine only, and tells its port', async () => {
    const server = createServer((_req, res) => void res.end('here'))
    const port = await listen(server, 0, 'APP_PORT')
    expect(server.address()).toMatchObject({ address: '127.0.0.1', port })
    expect(await (await fetch(`http://localhost:${port}`)).text()).toBe('here')
    await close(server)
  })

  it('closes without waiting for a silent connection', async () => {
    const server = createServer()
    server.headersTimeout = server.requestTimeout = 0
    const port = await listen(server, 0, 'APP_PORT')
    const silent = connect(port, '127.0.0.1')
    const [heard] = (await once(server, 'connection')) as [Socket] // what `connection` hands over
    for (const end of [server, heard, silent]) end.unref() // Jest waits for what is open
    const gone = once(silent, 'close')
    await close(server)
    expect(await gone).toEqual([false])
  })

  it('names the port that is taken, and how to choose another', async () => {
    const server = createServer()
    const port = await listen(server, 0, 'APP_PORT')
    const second = listen(createServer(), port, 'PORTAL_PORT')
    await expect(second).rejects.toThrow(`Port ${port} is taken. Set PORTAL_PORT to another one.`)
    await close(server)
  })
})
