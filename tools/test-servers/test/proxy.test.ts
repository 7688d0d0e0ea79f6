import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { eventually, startProxy, type FaultyProxy } from '../src'

/** Answers each line with itself in capitals. */
let server: Server
let proxy: FaultyProxy
let heard: string
let client: Socket
let answers: string

beforeEach(async () => {
  heard = ''
  answers = ''
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      socket.write(chunk.toString().toUpperCase())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startProxy((server.address() as AddressInfo).port) // it listens on a port
  client = call()
})

afterEach(async () => {
  client.destroy()
  await proxy.close()
  server.close()
})

function call(): Socket {
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('data', (chunk) => (answers += chunk.toString())).on('error', () => undefined)
  return socket
}

describe('a faulty proxy', () => {
  it('passes everything on at first', async () => {
    client.write('one')
    await eventually(() => answers === 'ONE')
    expect(proxy.spoilt).toBe(0)
  })

  it('delays replies in their order, and not those of other connections', async () => {
    proxy.delay(60_000)
    client.write('one')
    await eventually(() => heard === 'one')
    proxy.restore()
    client.write('two')
    await eventually(() => heard === 'onetwo')
    const other = call()
    other.write('three')
    await eventually(() => answers !== '')
    other.destroy()
    expect(answers).toBe('THREE')
  })

  it('sends delayed replies', async () => {
    proxy.delay(20)
    client.write('one')
    await eventually(() => answers === 'ONE')
    expect(proxy.spoilt).toBe(0)
  })

  it('passes a request on and drops the reply', async () => {
    proxy.dropReplies()
    client.write('one')
    await eventually(() => proxy.spoilt === 1)
    expect(heard).toBe('one')
    proxy.restore()
    client.write('two')
    await eventually(() => answers === 'TWO')
  })

  it('replies with other bytes', async () => {
    proxy.answerWith('no')
    client.write('one')
    await eventually(() => answers === 'no')
    expect(heard).toBe('one')
  })

  it('breaks open and new connections until it is restored', async () => {
    client.write('one')
    await eventually(() => answers === 'ONE')
    proxy.cut()
    await eventually(() => client.closed)
    const refused = call()
    refused.write('two')
    await eventually(() => refused.closed)
    expect(heard).toBe('one')
    proxy.restore()
    client = call()
    client.write('three')
    await eventually(() => answers === 'ONETHREE')
  })
  it('leads to another server', async () => {
    const other = createServer((socket) => void socket.end('other')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    client.write('one')
    await eventually(() => answers === 'ONE')
    proxy.leadTo((other.address() as AddressInfo).port) // it listens on a port
    await eventually(() => client.closed)
    call()
    await eventually(() => answers.length > 'ONE'.length)
    expect(answers).toBe('ONEother')
    other.close()
  })
})
