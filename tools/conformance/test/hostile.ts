// Runs outside Jest, whose `process` is a copy: unhandled rejections and uncaught exceptions show
// only here. Prints one line of JSON.
import {
  base64,
  base64url,
  base64urlPadded,
  createVerifier,
  email,
  hex,
  httpUrl,
  identifier,
  nonce,
  parseObject,
  redactUrl,
  text,
  type ReplayStore,
  type RequestView,
} from '@countersign/core'
import { FRAMEWORKS, type Step } from '../src/frameworks'
import { openRaw, requestBytes, sendRaw } from '../src/raw-client'
import { harlyyQuery, jsonPost, portals } from '../src/samples'
import { greet, guard, parseBody } from '../src/steps'

const events: string[] = []
process.on('unhandledRejection', (reason) => events.push(`unhandledRejection ${String(reason)}`))
process.on('uncaughtException', (error) => events.push(`uncaughtException ${String(error)}`))
process.removeAllListeners('warning') // the applications below make every mistake

/** Text on which a careless pattern takes the square of its length, or worse: a second at least. */
const LENGTH = 50_000
/** Milliseconds of work on one text: a linear pattern takes two. */
const LIMIT = 300
const WORST: readonly string[] = [
  ...['a', ' ', '\t', '.a', '=', '[', '%', '%5B', '%0A', 'a@', '"', '\\', '{', '/', ';', '&', '?'],
  ...[
    '; ',
    ';charset',
    '; charset = ',
    'prefetch',
    ',',
    '?;&#',
    '?a',
    '&a=',
    'http://',
    '\u00e9',
    '-',
  ],
]
  .map((piece) => piece.repeat(LENGTH / piece.length))
  .flatMap((run) => [run, `${run}!`, `a${run}\n!`, `x${run}x`, `Bearer ${run}!`, `http://${run}\n`])

const HEADERS = [
  ...['authorization', 'content-type', 'content-encoding', 'purpose', 'sec-purpose'],
  ...['x-workspace-id', 'x-timestamp', 'x-signature'],
]

async function validators(): Promise<{
  readonly inputs: number
  readonly slow: readonly string[]
}> {
  const fields = [identifier('a'), nonce('a'), text('a'), email('a'), httpUrl('a')]
  const encodings = [hex, base64, base64url, base64urlPadded]
  const { featkit, jwt, harlyy, fdback } = portals()
  const verifier = createVerifier([featkit, jwt, harlyy, fdback], { bearer: true })
  const slow: string[] = []
  for (const worst of WORST) {
    const before = process.cpuUsage().user
    for (const field of fields) attempt(() => field.read(worst))
    for (const encoding of encodings) encoding.decode(worst)
    parseObject(Buffer.from(worst))
    parseObject(Buffer.from(JSON.stringify({ a: worst })))
    redactUrl(`/?${worst}`)
    for (const target of [`/?token=${worst}`, `/?${worst}`]) await verifier.verify(view(target))
    for (const header of HEADERS) await verifier.verify(view('/', { [header]: worst }))
    if (process.cpuUsage().user - before > LIMIT * 1000) slow.push(worst.slice(0, 20))
  }
  return { inputs: WORST.length, slow }
}

function view(target: string, sent: Readonly<Record<string, string>> = {}): RequestView {
  return {
    method: 'POST',
    target,
    headers: (name) => (sent[name] === undefined ? [] : [sent[name]]),
    body: () => Buffer.from(Object.values(sent).join()),
    native: {},
  }
}

function attempt(read: () => unknown): void {
  try {
    read()
  } catch {
    // only the time matters
  }
}

/** Clients that hang up, and applications in which everything fails. */
async function failures(): Promise<{
  readonly requests: number
  readonly events: readonly string[]
}> {
  let requests = 0
  for (const framework of FRAMEWORKS) {
    for (const steps of brokenApps()) {
      const server = await framework.serve(steps)
      const link = { method: 'POST', target: `/?${await harlyyQuery()}` }
      for (const request of [await jsonPost(), link, { target: `/?token=x` }, { target: '/' }]) {
        requests += (await sendRaw(server.port, request)).status > 0 ? 1 : 0
        const connection = (await openRaw(server.port)).on('error', () => {}) // the server may reset it
        const bytes = requestBytes(request)
        connection.write(bytes.subarray(0, bytes.length - 5))
        await new Promise(setImmediate)
        connection.destroy()
      }
      await server.close()
    }
  }
  await new Promise(setImmediate)
  return { requests, events }
}

/** Applications whose own parts throw, reject and return nonsense. */
function brokenApps(): readonly (readonly Step[])[] {
  const fail = (): never => {
    throw new Error('broken')
  }
  const reject = (): Promise<never> => Promise.reject(new Error('broken'))
  const stores = [fail, reject, (): never => undefined as never].map((broken): ReplayStore => ({
    durable: true,
    claim: broken,
    has: broken,
  }))
  return [fail, reject].flatMap((broken) => {
    const observers = { onVerified: broken, onRejected: broken, onRotatedKey: broken }
    const { featkit, harlyy, fdback } = portals()
    const all = [featkit, harlyy, fdback]
    return [
      [guard(all, observers), greet],
      [guard(all, { ...observers, rejections: 'forward' }), greet],
      [guard(all, { ...observers, tenant: broken as () => never }), greet],
      [...parseBody, guard(all, { ...observers, rejections: 'forward' }), greet],
      ...stores.map((replayStore) => [guard(all, { ...observers, replayStore }), greet]),
    ]
  })
}

void validators().then(async (report) =>
  console.log(JSON.stringify({ ...report, ...(await failures()) })),
)
