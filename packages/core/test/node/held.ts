import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { settleOnAnswer } from '@countersign/core/node'
import { head, overHttp } from './over-http'

/** A reservation whose store answers when a test lets it. */
export function gated() {
  const statuses: number[] = []
  let open!: () => void
  const gate = new Promise<void>((resolve) => (open = resolve))
  return {
    /** Those it was settled by, in order. The core's own heeds the first only. */
    statuses,
    open,
    reservation: {
      settle(status: number) {
        statuses.push(status)
        return gate
      },
    },
  }
}

interface Play extends Omit<ReturnType<typeof gated>, 'reservation'> {
  readonly res: ServerResponse
  readonly client: Socket
  settle(status: number): Promise<void>
}

export type Handler = (res: ServerResponse) => unknown

const CLOSING = head(['Connection: close'])

/** Answers a POST behind a reservation. @returns what the client received, without the date */
export function answered(play: (play: Play) => unknown, request = CLOSING): Promise<string> {
  return overHttp(request, (_req, client, res) => {
    const { reservation, ...gate } = gated()
    const settle = settleOnAnswer(res, reservation)
    const received = receive(client)
    play({ ...gate, res, client, settle })
    return received
  })
}

/** What a client receives from a handler whose store takes its time, and from the handler alone, and what settles it. */
export async function bothWays(work: Handler, request = CLOSING) {
  let settled: readonly number[] = []
  const leased = answered(({ res, open, statuses }) => {
    settled = statuses
    ignoreErrors(res)
    work(res)
    void turns().then(open)
  }, request)
  const alone = overHttp(request, (_req, client, res) => {
    ignoreErrors(res)
    const received = receive(client)
    work(res)
    return received
  })
  return { leased: await leased, alone: await alone, status: settled[0] }
}

function ignoreErrors(res: ServerResponse): void {
  res.on('error', () => undefined)
}

async function receive(client: Socket): Promise<string> {
  let text = ''
  client.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  await new Promise((resolve) => client.once('close', resolve))
  return text.replace(/Date: .*\r\n/, '')
}

/** Turns of the event loop: enough for what is not held back to arrive. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

/** The `code` of what `work` throws; `undefined` where it throws nothing. */
export function codeOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return Reflect.get(error as object, 'code') // Node's errors have one
  }
  return undefined
}
