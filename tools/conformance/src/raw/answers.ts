/** A response as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Every header in order, as it was sent. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[]
  /** By lower-case name; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Splits a stream of bytes into responses. */
interface AnswerReader {
  push(bytes: Buffer): void
  /** The connection is closed. */
  end(error?: Error): void
  next(method: string): Promise<RawAnswer>
  rest(): Promise<string>
}

/** Reads HTTP/1.1 responses (RFC 9112 section 6.3), one for each call of `next`. */
export function answerReader(): AnswerReader {
  let buffered: Buffer = Buffer.alloc(0)
  let ended = false
  let failure: Error | undefined
  let wake: () => void = () => {}

  async function until<Found>(find: () => Found | undefined): Promise<Found | undefined> {
    for (;;) {
      const found = find()
      if (found !== undefined || ended) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    push(bytes) {
      buffered = Buffer.concat([buffered, bytes])
      wake()
    },
    end(error) {
      failure ??= error
      ended = true
      wake()
    },
    async next(method) {
      const found = await until(() => readAnswer(buffered, { method, ended }))
      if (!found) throw failure ?? new Error('The connection was closed without a response')
      buffered = buffered.subarray(found.length)
      return found.answer
    },
    async rest() {
      await until(() => undefined)
      return buffered.toString('latin1')
    },
  }
}

interface Reading {
  readonly method: string
  readonly ended: boolean
}

/** @returns the response and how many bytes it takes; `undefined` where bytes are missing */
function readAnswer(
  bytes: Buffer,
  reading: Reading,
): { readonly answer: RawAnswer; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1])
  const start = end + 4
  if (status >= 100 && status < 200) {
    // `100 Continue` precedes a response and is none (RFC 9110 section 15.2)
    const next = readAnswer(bytes.subarray(start), reading)
    return next && { answer: next.answer, length: start + next.length }
  }
  const rawHeaders = lines.map(parseHeader)
  const headers = byName(rawHeaders)
  const body = readBody(bytes.subarray(start), headers, status, reading)
  if (!body) return undefined
  return {
    answer: { status, rawHeaders, headers, body: body.bytes.toString('utf8') },
    length: start + body.length,
  }
}

function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

function byName(rawHeaders: RawAnswer['rawHeaders']): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) // a header may have any name
  for (const [sent, value] of rawHeaders) {
    const name = sent.toLowerCase()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

interface Body {
  readonly bytes: Buffer
  readonly length: number
}

function readBody(
  bytes: Buffer,
  headers: RawAnswer['headers'],
  status: number,
  { method, ended }: Reading,
): Body | undefined {
  if (method === 'HEAD' || status === 204 || status === 304)
    return { bytes: bytes.subarray(0, 0), length: 0 }
  if (/\bchunked$/i.test(headers['transfer-encoding'] ?? '')) return readChunks(bytes)
  const { 'content-length': announced } = headers
  if (announced === undefined) return ended ? { bytes, length: bytes.length } : undefined
  const length = Number(announced)
  return bytes.length >= length ? { bytes: bytes.subarray(0, length), length } : undefined
}

function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const start = lineEnd + 2
    if (bytes.length < start + size + 2) return undefined
    if (size === 0) return { bytes: Buffer.concat(chunks), length: start + 2 } // no server here sends trailers
    chunks.push(bytes.subarray(start, start + size))
    at = start + size + 2
  }
}
