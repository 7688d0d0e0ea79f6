import { DEADLINE, PATIENT, type App } from './app'
import { signLink, signLinks, type Link } from './links'
import type { Outcome } from './outcome'
import { watchUnhandled } from './unhandled'
import { newVisitor, tally, type Answer, type Visitor } from './visitor'

/** Visitors of an app, or of several that share a store, while something goes wrong. */
export interface Trial {
  readonly apps: readonly App[]
  /** New links, each used once by now. */
  used(count: number, expiresIn?: number): Promise<readonly Link[]>
  fresh(count: number, expiresIn?: number): Promise<readonly Link[]>
  /** All at once, in the time that counts. @param port @default the apps take turns */
  during(links: readonly Link[], port?: number): Promise<readonly Answer[]>
  /** As `during`, but each asks again until the answer is no longer to ask again later. */
  decided(links: readonly Link[]): Promise<void>
  /** As `during`, at any other time. */
  post(links: readonly Link[], port?: number): Promise<readonly Answer[]>
  /** One who hangs up before the answer comes. */
  abandon(link: Link, when: Promise<unknown>): Promise<void>
  /** Waits until every app accepts a fresh link, and each known link has had its last answer. */
  settle(): Promise<void>
}

/** How many milliseconds later than the store's deadline an answer may come. */
const GRACE = 50
/** For an app that is `PATIENT` with its store, in milliseconds. */
export const PATIENT_LIMIT: number = PATIENT * 1_000 + GRACE
/** How long a recovery may take, in milliseconds. Clients of a store pause before they try again. */
const PATIENCE = 30_000

/**
 * Lets things go wrong, and looks what is left. @param limit of an answer in milliseconds, where
 * the handler or a second question to the store takes its time too
 */
export async function runTrial(
  apps: readonly App[],
  work: (trial: Trial) => Promise<void>,
  limit: number = DEADLINE * 1_000 + GRACE,
): Promise<Outcome> {
  const visitor = newVisitor()
  const unhandled = watchUnhandled()
  const book = newBook()
  try {
    const trial = newTrial(apps, visitor, book)
    await work(trial)
    await trial.settle()
    return {
      requests: book.all.length,
      all: tally(book.all),
      during: tally(book.during),
      replays: await countReplays(apps),
      slowest: Math.max(0, ...book.during.map(({ took }) => took)),
      limit,
      recovered: book.recovered,
      unhandled: unhandled.count() + (await countUnhandled(apps)),
    }
  } finally {
    visitor.leave()
    unhandled.stop()
    await Promise.all(apps.map((app) => app.close()))
  }
}

interface Book {
  readonly links: Set<Link>
  readonly all: Answer[]
  readonly during: Answer[]
  recovered: boolean
}

function newBook(): Book {
  return { links: new Set(), all: [], during: [], recovered: false }
}

/** Posts links, and notes them and the answers. */
interface Posting {
  post(links: readonly Link[], port?: number): Promise<readonly Answer[]>
  /** Asks as long as the answer is to ask again later. */
  decide(link: Link): Promise<Answer>
  abandon: Trial['abandon']
}

function newPosting(apps: readonly App[], visitor: Visitor, book: Book): Posting {
  let turn = 0
  const nextPort = (): number => apps[turn++ % apps.length]!.port // the rest of a division

  async function post(links: readonly Link[], port?: number): Promise<readonly Answer[]> {
    const answers = await Promise.all(links.map((link) => visitor.post(port ?? nextPort(), link)))
    links.forEach((link) => book.links.add(link))
    book.all.push(...answers)
    return answers
  }

  return {
    post,
    async decide(link) {
      const last: Answer[] = []
      await until(async () => {
        last.splice(0, 1, ...(await post([link])))
        return last.every(({ code }) => !ASK_LATER.includes(code))
      })
      return last[0]! // one link, one answer
    },
    async abandon(link, when) {
      const controller = new AbortController()
      void when.then(() => controller.abort())
      book.links.add(link)
      await visitor.post(nextPort(), link, controller.signal).catch(() => undefined) // it hung up itself
    },
  }
}

const ASK_LATER = ['store_unavailable', 'nonce_in_progress']

function newTrial(apps: readonly App[], visitor: Visitor, book: Book): Trial {
  const { post, decide, abandon } = newPosting(apps, visitor, book)
  return {
    apps,
    async used(count, expiresIn) {
      const links = await signLinks(count, expiresIn)
      await Promise.all(links.map(decide))
      return links
    },
    fresh: signLinks,
    async during(links, port) {
      const answers = await post(links, port)
      book.during.push(...answers)
      return answers
    },
    async decided(links) {
      book.during.push(...(await Promise.all(links.map(decide))))
    },
    post,
    abandon,
    async settle() {
      const freed = apps.map(({ port }) =>
        until(async () => (await post([await signLink()], port))[0]?.code === 'accepted'),
      )
      book.recovered = (await Promise.all(freed)).every(Boolean)
      const links = [...book.links]
      await Promise.all(links.map(decide))
      await Promise.all(links.map(decide))
    },
  }
}

async function until(isDone: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + PATIENCE
  while (performance.now() < end) {
    if (await isDone()) return true
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100))
  }
  return false
}

async function countReplays(apps: readonly App[]): Promise<number> {
  const successes = new Map<string, number>()
  for (const app of apps) {
    for (const [nonce, count] of Object.entries(await app.successes())) {
      successes.set(nonce, (successes.get(nonce) ?? 0) + count)
    }
  }
  return [...successes.values()].reduce((total, count) => total + Math.max(0, count - 1), 0)
}

async function countUnhandled(apps: readonly App[]): Promise<number> {
  const counts = await Promise.all(apps.map((app) => app.unhandled()))
  return counts.reduce((total, count) => total + count, 0)
}
