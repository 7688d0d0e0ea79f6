import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Stands between a client and a server on loopback, and spoils what it is told to. */
export interface FaultyProxy {
  readonly port: number
  /** How many replies (as they came, in pieces) were swallowed or replaced. */
  readonly spoilt: number
  /** Holds each reply back for so many milliseconds. */
  delay(milliseconds: number): void
  /** Breaks all connections, and new ones as they come. */
  cut(): void
  /** Lets requests through and swallows the replies. */
  dropReplies(): void
  /** Lets requests through and answers these bytes instead of the replies. */
  answerWith(bytes: Uint8Array | string): void
  /** Spoils nothing from now on. */
  restore(): void
  /** Leads to another server from now on, as a managed database's address does, and breaks all connections. */
  leadTo(port: number): void
  close(): Promise<void>
}

type Fault =
  | { readonly kind: 'none' | 'cut' | 'drop' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array | string }

const NONE: Fault = { kind: 'none' }

/** Listens on a free port and passes everything on, until it is told otherwise. */
export async function startProxy(firstPort: number): Promise<FaultyProxy> {
  const lines = new Set<Line>()
  let targetPort = firstPort
  let fault: Fault = NONE
  let spoilt = 0

  const server = createServer((client) => {
    if (fault.kind === 'cut') return void client.resetAndDestroy()
    const line = connectLine(client, targetPort, lines, (reply) => {
      if (isSpoilt(reply, line, fault)) spoilt++
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const set = (next: Fault): void => void (fault = next)
  const breakAll = (): void => lines.forEach((line) => line.destroy())
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    get spoilt() {
      return spoilt
    },
    delay: (milliseconds) => set({ kind: 'delay', milliseconds }),
    cut() {
      set({ kind: 'cut' })
      breakAll()
    },
    dropReplies: () => set({ kind: 'drop' }),
    answerWith: (bytes) => set({ kind: 'answer', bytes }),
    restore: () => set(NONE),
    leadTo(port) {
      targetPort = port
      breakAll()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      breakAll()
      await closed
    },
  }
}

/** A client, and the server on its other end. */
interface Line {
  /** Later than `delay` milliseconds, and never before what was to be answered earlier. */
  answer(bytes: Uint8Array | string, delay?: number): void
  destroy(): void
}

/** Answers what the fault lets through. @returns whether the reply was swallowed or replaced */
function isSpoilt(reply: Buffer, line: Line, fault: Fault): boolean {
  if (fault.kind === 'none') line.answer(reply)
  else if (fault.kind === 'delay') line.answer(reply, fault.milliseconds)
  else if (fault.kind === 'answer') line.answer(fault.bytes)
  return fault.kind !== 'none' && fault.kind !== 'delay'
}

/** @param lines has it while it is open */
function connectLine(
  client: Socket,
  port: number,
  lines: Set<Line>,
  onReply: (reply: Buffer) => void,
): Line {
  const target = connect(port, '127.0.0.1')
  let last = Promise.resolve()
  const destroy = (): void => {
    client.destroy()
    target.destroy()
  }
  for (const socket of [client, target]) {
    socket.setNoDelay().on('error', destroy).on('close', destroy)
  }
  client.on('data', (request) => target.write(request))
  target.on('data', onReply)
  const line: Line = {
    destroy,
    answer(bytes, delay = 0) {
      const due = delay && pause(delay, undefined, { ref: false }) // keeps no process alive
      last = Promise.all([last, due]).then(() => void client.write(bytes))
    },
  }
  lines.add(line)
  client.on('close', () => lines.delete(line))
  return line
}
