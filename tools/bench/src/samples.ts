import { createSigner, type Portal, type Signed } from '@countersign/core'

/** One request as it arrives, and its credential already in hand for verifiers that want it so. */
export interface Sample {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** The value of `?token=` or `?sig=`; empty for fdback. */
  readonly token: string
  /** The parts of a fdback request; empty for the others. */
  readonly message: Message
}

export interface Message {
  readonly workspace: string
  readonly timestamp: string
  readonly signature: string
}

/** Credentials to accept, and others that every verifier must refuse. */
export interface Samples {
  readonly good: readonly Sample[]
  readonly bad: Readonly<Record<'tampered' | 'forged' | 'expired', Sample>>
}

export interface SampleOptions {
  readonly count: number
  readonly method: string
  /** The user of a number, as the portal's signer takes it. */
  user(number: number): object
}

const HOUR = 3_600_000
const TWO_DAYS = 48 * HOUR
const TEN_MINUTES = HOUR / 6

/** Signs the requests of one benchmark, with the portal's own signer. */
export async function signSamples(portal: Portal, options: SampleOptions): Promise<Samples> {
  const { count, method, user } = options
  const name = portal.scheme.name
  const sign = async (number: number, age = 0): Promise<Sample> => {
    const signer = createSigner(portal, { now: () => Date.now() - age })
    return toSample(await signer.sign(user(number) as never), { method }) // the case knows its portal's input
  }
  const good = await Promise.all(Array.from({ length: count }, (_, number) => sign(number)))
  const [one, other] = [good[0] as Sample, good[1] as Sample] // a benchmark has many
  const expired = await sign(
    0,
    name === 'fdback' ? TEN_MINUTES : name === 'harlyy' ? 4 * TWO_DAYS : TWO_DAYS,
  )
  const tampered = withSignature(one, otherFirst(signatureOf(one)))
  const forged = withSignature(one, signatureOf(other)) // right, for another user
  return { good, bad: { tampered, forged, expired } }
}

/** What a browser sends along. */
const BROWSER_HEADERS: readonly string[] = Object.entries({
  Host: 'portal.example.com',
  Connection: 'keep-alive',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en-GB,en;q=0.9',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Referer: 'https://app.example.com/account',
  'Upgrade-Insecure-Requests': '1',
  'Sec-Fetch-Site': 'cross-site',
  Priority: 'u=0, i',
}).flat()

function toSample(signed: Signed, { method }: Pick<Sample, 'method'>): Sample {
  const { url, token = '', headers = {}, body = '' } = signed
  const sent = Object.entries(headers).flat()
  return {
    method,
    target: url.slice(new URL(url).origin.length),
    rawHeaders: [
      ...BROWSER_HEADERS,
      ...(body ? ['Content-Type', 'application/json'] : []),
      ...sent,
    ],
    body: Buffer.from(body),
    token,
    message: {
      workspace: headers['x-workspace-id'] ?? '',
      timestamp: headers['x-timestamp'] ?? '',
      signature: headers['x-signature'] ?? '',
    },
  }
}

function otherFirst(signature: string): string {
  return (signature.startsWith('0') ? '1' : '0') + signature.slice(1)
}

function signatureOf({ message, token }: Sample): string {
  return message.signature || token.slice(token.lastIndexOf('.') + 1)
}

function withSignature(sample: Sample, other: string): Sample {
  const signature = signatureOf(sample)
  const replace = (text: string): string =>
    text.replace(signature, other).replace(encodeURIComponent(signature), encodeURIComponent(other))
  return {
    ...sample,
    target: replace(sample.target),
    token: replace(sample.token),
    rawHeaders: sample.rawHeaders.map(replace),
    message: { ...sample.message, signature: other },
  }
}
