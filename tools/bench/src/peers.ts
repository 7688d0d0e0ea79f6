import { createSecretKey } from 'node:crypto'
import { createVerifier as fastJwt } from 'fast-jwt'
import { jwtVerify } from 'jose'
import { verify } from 'jsonwebtoken'
import {
  createVerifier,
  type Awaitable,
  type Portal,
  type RequestView,
  type Verification,
  type VerifierOptions,
} from '@countersign/core'
import type { Message, Sample } from './samples'
import type { StraightLine } from './straight-line'

/** One way to verify a credential. */
export interface Contender {
  readonly name: string
  /** A fresh verifier that remembers nothing. What it returns is timed; it may throw to refuse. */
  start(): (sample: Sample) => unknown
  /** Tells from what was returned whether it was accepted. */
  accepts(outcome: unknown): boolean
}

const isThere = (outcome: unknown): boolean => outcome !== undefined

/** The public verifier with all its checks, on a request as it arrives. */
export function countersign(
  portal: () => Portal,
  options: () => VerifierOptions = () => ({}),
): Contender {
  return {
    name: 'Countersign',
    start() {
      const { verify: verifyRequest } = createVerifier(portal(), options())
      return (sample): Awaitable<Verification> => verifyRequest(new SampleView(sample))
    },
    accepts: (outcome) => (outcome as Verification).ok, // what our own `start` returns
  }
}

/** A request as an adapter shows it to the core: made anew for each one. */
class SampleView implements RequestView<object> {
  readonly native: object = {}
  private readonly sample: Sample

  constructor(sample: Sample) {
    this.sample = sample
  }

  get method(): string {
    return this.sample.method
  }

  get target(): string {
    return this.sample.target
  }

  headers(name: string): string[] {
    return valuesOf(this.sample.rawHeaders, name)
  }

  body(): Buffer {
    return this.sample.body
  }
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] as string // within bounds
    if (sent.length === name.length && sent.toLowerCase() === name) {
      values.push(rawHeaders[index + 1] as string)
    }
  }
  return values
}

/** Hand-written code, with the credential in its hand already. */
export function tokenInHand(verifier: () => StraightLine<string>): Contender {
  return {
    name: 'straight-line',
    start() {
      const accept = verifier()
      return ({ token }) => accept(token)
    },
    accepts: isThere,
  }
}

/** The same code, taking the credential out of the request's target first. */
export function tokenFromUrl(verifier: () => StraightLine<string>, parameter: string): Contender {
  return {
    name: 'straight-line, from the URL',
    start() {
      const accept = verifier()
      return ({ target }) => {
        const query = new URLSearchParams(target.slice(target.indexOf('?') + 1))
        return accept(query.get(parameter) ?? '')
      }
    },
    accepts: isThere,
  }
}

export function messageInHand(verifier: () => StraightLine<Message & { body: Buffer }>): Contender {
  return {
    name: 'straight-line',
    start() {
      const accept = verifier()
      return ({ message: { workspace, timestamp, signature }, body }) =>
        accept({ workspace, timestamp, signature, body })
    },
    accepts: isThere,
  }
}

export function messageFromHeaders(
  verifier: () => StraightLine<Message & { body: Buffer }>,
): Contender {
  return {
    name: 'straight-line, from the headers',
    start() {
      const accept = verifier()
      return ({ rawHeaders, body }) => {
        const header = (name: string): string => valuesOf(rawHeaders, name)[0] ?? ''
        const workspace = header('x-workspace-id')
        const timestamp = header('x-timestamp')
        return accept({ workspace, timestamp, signature: header('x-signature'), body })
      }
    },
    accepts: isThere,
  }
}

/** The libraries that people verify a JWT with. Each allows HS256 only. */
export function jwtLibraries(secret: string): readonly Contender[] {
  const key = createSecretKey(Buffer.from(secret))
  const cacheless = { key: secret, algorithms: ['HS256' as const], cache: false }
  return [
    library('fast-jwt 6', () => fastJwt(cacheless)),
    library('fast-jwt 6, its cache on', () => fastJwt({ ...cacheless, cache: true })),
    library('jsonwebtoken 9, KeyObject', () => (token) => {
      return verify(token, key, { algorithms: ['HS256'] })
    }),
    library('jsonwebtoken 9, string', () => (token) => {
      return verify(token, secret, { algorithms: ['HS256'] })
    }),
    library('jose 5', () => (token) => jwtVerify(token, key, { algorithms: ['HS256'] })),
  ]
}

function library(name: string, make: () => (token: string) => unknown): Contender {
  return {
    name,
    start() {
      const verifyToken = make()
      return ({ token }) => verifyToken(token)
    },
    accepts: isThere,
  }
}
