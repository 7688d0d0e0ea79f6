import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createLeakScanner, type ConformanceCase, type Finding } from '@countersign/testing'
import { findingsOf } from './failing'
import { secret } from './mint-portals'

/** An app that is broken just so, and what the kit must say of it. */
export interface Broken {
  /** Finishes the sentence "an app …". */
  readonly name: string
  readonly app: RequestListener
  readonly cases: readonly ConformanceCase[]
  /** The id of a case that fails. */
  readonly fails: string
  readonly means: RegExp
  readonly fix?: RegExp
}

/** Answers as a guard would that refuses everything for one reason. */
export function problem(status: number, code?: string): RequestListener {
  return (_req, res) => {
    res.statusCode = status
    res.setHeader('content-type', 'application/problem+json')
    res.end(JSON.stringify({ type: 'urn:x', title: 'No', status, ...(code && { code }) }))
  }
}

/** Runs the case and some others, and looks that no finding tells a credential, or a secret. */
export async function expectFinding({ app, cases, fails, means, fix }: Broken): Promise<void> {
  const seen = new Set<string>([secret])
  const recording = (req: IncomingMessage, res: ServerResponse): unknown => {
    for (const value of valuesOf(req)) seen.add(value)
    return app(req, res)
  }
  const some = cases.filter(({ id }, index) => id === fails || index % 8 === 0)
  const findings = await findingsOf(some, recording)
  expect(Object.keys(findings)).toContain(fails)
  expect(findings[fails]?.means).toMatch(means)
  if (fix) expect(findings[fails]?.fix).toMatch(fix)
  for (const finding of Object.values(findings)) expectPlain(finding)
  const sensitive = [...seen].map((value) => ({ label: value, bytes: Buffer.from(value) }))
  expect(createLeakScanner().leaksIn(JSON.stringify(findings), sensitive)).toEqual([])
}

/** Four sentences, each of them there. */
function expectPlain({ sent, received, means, fix }: Finding): void {
  for (const part of [sent, received, means, fix]) expect(part).toMatch(/^\S[^]{4,}$/)
}

/** What could be a credential, or a part of one. */
function valuesOf({ url = '', rawHeaders }: IncomingMessage): readonly string[] {
  const pairs = url.slice(url.indexOf('?') + 1).split('&')
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1))
  return [...values, ...values.flatMap((value) => value.split('.')), ...rawHeaders].filter(
    (value) => value.length >= 24 && /[0-9]/.test(value) && !/[\s;]/.test(value),
  )
}
