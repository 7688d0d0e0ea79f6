/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Every header in order, as it was sent. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[]
  /** By lower-case name; what came more than once is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Cuts a stream of bytes into answers. */
export interface AnswerReader {
  push(bytes: Buffer): void
  /** The connection is gone. */
  end(error?: Error): void
  next(method: string): Promise<RawAnswer>
  rest(): Promise<string>
}

/** Reads HTTP/1.1 answers (RFC 9112 section 6.3), one for each call of `next`. */
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
      const last = found ?? readAnswer(buffered, { method, ended })
      if (!last) throw failure ?? new Error('The connection was closed without an answer')
      buffered = buffered.subarray(last.length)
      return last.answer
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

interface Read {
  readonly answer: RawAnswer
  /** Bytes that it took. */
  readonly length: number
}

function readAnswer(bytes: Buffer, reading: Reading): Read | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1])
  if (isInterim(status)) return afterInterim(bytes, end + 4, reading)
  const rawHeaders = lines.map(parseHeader)
  const headers = byName(rawHeaders)
  const bodyLength = { headers, status, ...reading }
  const body = readBody(bytes.subarray(end + 4), bodyLength)
  return (
    body && {
      answer: { status, rawHeaders, headers, body: body.bytes.toString('utf8') },
      length: end + 4 + body.length,
    }
  )
}

/** `100 Continue` and its kin announce an answer, and are none (RFC 9110 section 15.2). */
function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101
}

function afterInterim(bytes: Buffer, length: number, reading: Reading): Read | undefined {
  const read = readAnswer(bytes.subarray(length), reading)
  return read && { ...read, length: length + read.length }
}

function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

export function byName(rawHeaders: RawAnswer['rawHeaders']): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) // a header may have any name
  for (const [sent, value] of rawHeaders) {
    const name = sent.toLowerCase()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

interface Framing extends Reading {
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}

interface Body {
  readonly bytes: Buffer
  readonly length: number
}

function readBody(bytes: Buffer, { headers, status, method, ended }: Framing): Body | undefined {
  if (method === 'HEAD' || status === 204 || status === 304) return whole(bytes.subarray(0, 0))
  if (/\bchunked$/i.test(headers['transfer-encoding'] ?? '')) return readChunks(bytes)
  const length = headers['content-length']
  if (length === undefined) return ended ? whole(bytes) : undefined
  return bytes.length >= Number(length) ? whole(bytes.subarray(0, Number(length))) : undefined
}

function whole(bytes: Buffer): Body {
  return { bytes, length: bytes.length }
}

function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const start = lineEnd + 2
    if (size === 0) return lastChunk(bytes, start, chunks)
    if (bytes.length < start + size + 2) return undefined
    chunks.push(bytes.subarray(start, start + size))
    at = start + size + 2
  }
}

/** Trailers may stand before the empty line that ends the body (RFC 9112 section 7.1.2). */
function lastChunk(bytes: Buffer, start: number, chunks: readonly Buffer[]): Body | undefined {
  const body = Buffer.concat(chunks)
  if (bytes.indexOf('\r\n', start) === start) return { bytes: body, length: start + 2 }
  const end = bytes.indexOf('\r\n\r\n', start)
  return end === -1 ? undefined : { bytes: body, length: end + 4 }
}
