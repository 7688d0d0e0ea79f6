import { promises as timers } from 'node:timers'
import { findingError } from '../finding'

/** What a wrong answer means, and what to do. */
export interface Lesson {
  /** In which situation it was asked, as "a key that nobody has claimed". */
  readonly when: string
  readonly means: string
  readonly fix: string
}

/** A call on its way. */
export interface Asked {
  answers(wanted: boolean | string, lesson: Lesson): Promise<void>
  /** The call must reject. */
  refuses(lesson: Lesson): Promise<void>
}

/** How long a store may take, in milliseconds. */
export const PATIENCE = 10_000

/** A call that is made when somebody says what it should answer. */
export function asked(name: string, call: () => Promise<unknown>): Asked {
  return {
    async answers(wanted, lesson) {
      const outcome = await outcomeOf(call)
      if ('answer' in outcome && outcome.answer === wanted) return
      throw faultOf(name, { outcome, lesson, due: show(wanted), kind: typeof wanted })
    },
    async refuses(lesson) {
      const outcome = await outcomeOf(call)
      if ('error' in outcome && !(outcome.error instanceof Silence)) return
      throw faultOf(name, { outcome, lesson, due: 'a rejection' })
    },
  }
}

type Outcome = { readonly answer: unknown } | { readonly error: unknown }

class Silence extends Error {}

/** A store that throws before it has made a promise has refused too. */
async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  const stop = new AbortController()
  try {
    const late = timers
      .setTimeout(PATIENCE, undefined, { signal: stop.signal, ref: false })
      .then(() => {
        throw new Silence(`no answer within ${PATIENCE} ms`)
      })
    late.catch(() => undefined) // aborted: nobody waits for it any more
    return { answer: await Promise.race([call(), late]) }
  } catch (error) {
    if (error instanceof Error && 'finding' in error) throw error
    return { error }
  } finally {
    stop.abort()
  }
}

interface Wrong {
  readonly outcome: Outcome
  readonly lesson: Lesson
  readonly due: string
  readonly kind?: string
}

function faultOf(name: string, { outcome, lesson, due, kind }: Wrong): Error {
  const isOtherKind = 'answer' in outcome && kind !== undefined && typeof outcome.answer !== kind
  const came =
    'answer' in outcome ? `${show(outcome.answer)}` : `the failure ${show(outcome.error)}`
  return findingError(`\`${name}\` answered ${came}, where ${due} is due: ${lesson.means}`, {
    sent: `\`${name}\` for ${lesson.when}`,
    received: `${came}, where ${due} is due`,
    means: isOtherKind
      ? `${lesson.means}; what is no ${kind} is no answer, and a guard refuses the request with 503`
      : lesson.means,
    fix: isOtherKind ? `answer with a real ${kind}; ${lesson.fix}` : lesson.fix,
  })
}

function show(value: unknown): string {
  if (value instanceof Error) return `"${value.message}"`
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
