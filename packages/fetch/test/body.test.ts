import { requireSignedUser } from '../src'
import { posted, requests } from './portals'

const refusals: string[] = []
const guard = requireSignedUser(requests, {
  onRejected: ({ code, message }) => refusals.push(code, message),
})
const echo = guard(async (request) => new Response(await request.text()))

/** The body in pieces; ended by `last`. */
function stream(pieces: readonly Uint8Array[], last: 'close' | 'error' | 'never') {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      if (last === 'close') controller.close()
    },
    pull(controller) {
      if (last === 'error') controller.error(new Error('the connection was reset'))
    },
  })
  return { body, duplex: 'half' } as const
}

beforeEach(() => {
  refusals.length = 0
  jest.spyOn(process, 'emitWarning').mockImplementation() // of a body that was read
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

describe('the body of a signed request', () => {
  it('is left for the handler, sent as a whole or in pieces', async () => {
    const whole = await posted()
    const text = await whole.clone().text()
    const pieces = [...text].map((letter) => Buffer.from(letter))
    for (const request of [whole, await posted(stream(pieces, 'close'))]) {
      const response = await echo(request)
      expect([response.status, await response.text()]).toEqual([200, text])
    }
  })

  const used = async (use: (request: Request) => unknown): Promise<Request> => {
    const request = await posted()
    await use(request)
    return request
  }
  const readInPart = async ({ body }: Request) => {
    const reader = body!.getReader()
    await reader.read()
    reader.releaseLock()
  }
  const lock = ({ body }: Request) => body!.getReader()
  const announced = { ...stream([], 'never'), headers: { 'content-length': '16385' } }
  const big = new Uint8Array(16_385)

  it.each<[string, string, () => Promise<Request>]>([
    ['was read', '500 raw_body_unavailable', () => used((request) => request.json())],
    ['was read in part', '500 raw_body_unavailable', () => used(readInPart)],
    ['is being read', '500 raw_body_unavailable', () => used(lock)],
    ['is too large', '413 body_too_large', () => posted(stream([big], 'close'))],
    ['never ends and is too large', '413 body_too_large', () => posted(stream([big], 'never'))],
    ['is announced as too large', '413 body_too_large', () => posted(announced)],
    ['is cut off', '401 token_malformed', () => posted(stream([big.subarray(1)], 'error'))],
    ['is missing', '401 signature_invalid', () => posted({ body: null })],
  ])('is refused where it %s', async (_, expected, request) => {
    const { status } = await echo(await request())
    expect(`${status} ${refusals[0]}`).toBe(expected)
  })

  it('is refused with the fix where it was read', async () => {
    await echo(await used((request) => request.text()))
    expect(refusals[1]).toContain('`await request.clone().json()`')
  })

  it('is refused after ten seconds', async () => {
    jest.useFakeTimers()
    const answer = echo(await posted(stream([], 'never')))
    await jest.advanceTimersByTimeAsync(9_999)
    expect(refusals).toEqual([])
    await jest.advanceTimersByTimeAsync(1)
    expect([(await answer).status, refusals[0]]).toEqual([408, 'body_timeout'])
  })
})
