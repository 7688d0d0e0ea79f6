import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawHeader, RawRequest } from './raw-client'

/** The name of each portal in the catalogue; `seggwat` is its HMAC mode, `jwt` its JWT mode. */
export type SchemeName = 'featkit' | 'seggwat' | 'jwt' | 'harlyy' | 'fdback'
export const SCHEMES: readonly SchemeName[] = ['featkit', 'seggwat', 'jwt', 'harlyy', 'fdback']

/** An answer as the data writes it: `200`, or a status and the private code. */
export type Expected = string

/** One credential, or several in a row, with the exact answer to the last. */
export interface TokenCase {
  readonly id: string
  readonly scheme: SchemeName
  readonly class: string
  readonly description: string
  /** To be sent in order against one fresh replay store. */
  readonly requests: readonly RawRequest[]
  readonly expected: Expected
  /** Whether the case is about replay, so that it needs a store where its scheme has none. */
  readonly replays: boolean
}

export interface Catalogue {
  /** The clock of all cases, in milliseconds since the epoch. */
  readonly now: number
  /** Those that the portals are made with: current, previous, and another workspace's. */
  readonly secrets: Readonly<Record<'A' | 'B' | 'other_workspace', string>>
  readonly projectKey: string
  readonly cases: readonly TokenCase[]
}

interface TokensFile {
  /** Seconds. */
  readonly now: number
  readonly secrets: Catalogue['secrets'] & { readonly attacker: string }
  readonly projectKey: string
  readonly cases: readonly RawCase[]
}

interface RawCase extends Pick<TokenCase, 'id' | 'scheme' | 'class' | 'description' | 'expected'> {
  readonly request: CaseRequest
  readonly requests?: readonly CaseRequest[]
}

interface CaseRequest {
  readonly query?: string
  readonly headers?: readonly RawHeader[]
  readonly bodyHex?: string
}

/** The path that all requests of the catalogue use. */
export const PATH = '/portal'

export const catalogue: Catalogue = load()

function load(): Catalogue {
  const { now, projectKey, cases, ...file } = readData<TokensFile>('tokens.json')
  const { attacker: _, ...secrets } = file.secrets
  return { now: now * 1000, secrets, projectKey, cases: cases.map(normalised) }
}

function normalised(raw: RawCase): TokenCase {
  const { id, scheme, class: kind, description, expected } = raw
  const requests = (raw.requests ?? [raw.request]).map((request) => asRaw(scheme, request))
  return { id, scheme, class: kind, description, expected, requests, replays: kind === 'REPLAY' }
}

/** Credentials that are valid once are posted, the others are opened. */
function asRaw(scheme: SchemeName, { query, headers, bodyHex }: CaseRequest): RawRequest {
  return {
    method: scheme === 'harlyy' || scheme === 'fdback' ? 'POST' : 'GET',
    target: query === undefined ? PATH : `${PATH}?${query}`,
    ...(headers && { headers }),
    ...(bodyHex !== undefined && { body: Buffer.from(bodyHex, 'hex') }),
  }
}

/** Reads a file of the package's `data` folder. */
export function readData<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(__dirname, '..', 'data', name), 'utf8')) as Content
}
