import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { settleOnAnswer } from '../src'
import { head, overHttp } from './over-http'

/** A reservation whose store answers when a test lets it. */
export function gated() {
  const statuses: number[] = []
  let open!: () => void
  const gate = new Promise<void>((resolve) => (open = resolve))
  return {
    statuses,
    open,
    /** As the core's own: what counts is the first. */
    reservation: {
      settle(status: number) {
        statuses.push(status)
        return gate
      },
    },
  }
}

interface Play {
  readonly res: ServerResponse
  readonly open: () => void
  readonly settle: (status: number) => Promise<void>
  readonly statuses: readonly number[]
  readonly client: Socket
}

/** Answers a POST, and gives back the bytes of the answer as a client got them, without its date. */
export function answered(play: (play: Play) => void): Promise<string> {
  return overHttp(head(['Connection: close']), (_req, client, res) => {
    const { reservation, open, statuses } = gated()
    const settle = settleOnAnswer(res, reservation)
    const received = receive(client)
    play({ res, open, settle, statuses, client })
    return received
  })
}

export async function receive(client: Socket): Promise<string> {
  let text = ''
  client.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  await new Promise((resolve) => client.once('close', resolve))
  return text.replace(/Date: .*\r\n/, '')
}

/** What a client gets of the same handler without a reservation. */
export function plain(work: (res: ServerResponse) => void): Promise<string> {
  return overHttp(head(['Connection: close']), (_req, client, res) => {
    res.on('error', () => undefined)
    const received = receive(client)
    work(res)
    return received
  })
}

/** Turns of the event loop: enough for what is not held back to arrive. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

export const codeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return Reflect.get(error as object, 'code') // Node's errors have one
  }
  return undefined
}
