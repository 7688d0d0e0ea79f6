import type { RequestListener } from 'node:http'
import { DEFECTS, type ConformanceCase, type Finding, type Target } from '@countersign/testing'
import { leaks } from '../../src/cases/leaks'
import { mutations } from '../mutations/mutations'
import { findingsOf } from '../support/findings'
import { secret } from '../support/samples'

/** An app with one fault that apps have. */
export interface Species {
  /** Completes the sentence "an app that …". */
  readonly name: string
  readonly open: () => Target
  readonly cases: readonly ConformanceCase[]
  /** `id: text` of the case that must fail and what it must say; `id only +other: text` where no more may fail. */
  readonly finds: string
}

/** @param rows apps by `name ¦ finds` */
export function species(
  cases: readonly ConformanceCase[],
  rows: Readonly<Record<string, () => Target>>,
): readonly Species[] {
  return Object.entries(rows).map(([row, open]) => {
    const [name = '', finds = ''] = row.split(' ¦ ')
    return { name, open, cases, finds }
  })
}

/** Runs the cases that matter, some of the others, and checks that no finding contains a credential or a secret. */
export async function expectCaught({ open, cases, finds }: Species): Promise<void> {
  const [, id = '', only, others = '', text = ''] =
    /^([\w-]+)( only)?([^:]*): (.*)$/s.exec(finds) ?? []
  const seen = new Set<string>([secret])
  const target = open()
  const recorded: Target =
    typeof target === 'function'
      ? (req, res) => {
          for (const value of valuesOf(req.url, req.rawHeaders)) seen.add(value)
          return (target as RequestListener)(req, res) // no species is a `fetch` handler
        }
      : target
  const mayTell = (each: string): boolean => each === id || Boolean(only && !isDefect(each))
  const some = cases.filter((each, index) => mayTell(each.id) || index % 8 === 0)
  const findings = await findingsOf(some, recorded)
  const { severity, means } = findings[id] ?? { means: 'nothing was found' }
  expect(`${severity}: ${means}`).toContain(text)
  const all = [id, ...others.split(' +').filter(Boolean)].sort()
  if (only) expect(Object.keys(findings).sort()).toEqual(all)
  for (const finding of Object.values(findings)) expectPlain(finding)
  const told = JSON.stringify(findings)
  expect([...seen].filter((value) => leaks(told, Buffer.from(value)))).toEqual([])
}

function expectPlain({ severity, ...lines }: Finding): void {
  expect(['a way in', 'a broken promise', 'strictness']).toContain(severity)
  for (const line of Object.values(lines)) expect(line).toMatch(/^\S[^]{4,}$/)
}

/** What may be a credential, or a part of one. */
function valuesOf(url = '', rawHeaders: readonly string[]): readonly string[] {
  const pairs = url.slice(url.indexOf('?') + 1).split('&')
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1))
  return [...values, ...values.flatMap((value) => value.split('.')), ...rawHeaders].filter(
    (value) => value.length >= 24 && /[0-9]/.test(value) && !/[\s;/]/.test(value),
  )
}

/** The cases, other than those of single defects, that no app and no mutation fails. */
export function unproven(all: readonly Species[]): readonly string[] {
  const failed = all.flatMap(({ finds }) => finds.split(':', 1)[0]?.split(/ only| ?\+/) ?? [])
  const caught = new Set([...failed, ...mutations.flatMap(({ caughtBy }) => caughtBy)])
  const ids = new Set(all.flatMap(({ cases }) => cases.map(({ id }) => id)))
  return [...ids].filter((id) => !caught.has(id) && !isDefect(id))
}

const isDefect = (id: string): boolean => Object.hasOwn(DEFECTS, id)
