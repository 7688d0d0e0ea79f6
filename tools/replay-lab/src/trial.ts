import { watchUnhandled, type App, type AppReport } from './app'
import { signLinks, type Link } from './links'
import { tally, visit, type Answer, type Tally } from './visitor'

/** Visitors of an app, or of several that share a store, while something goes wrong. */
export interface Trial {
  readonly apps: readonly App[]
  fresh(count: number, expiresIn?: number): Promise<readonly Link[]>
  /** New links, each used once by now. */
  used(count: number): Promise<readonly Link[]>
  /** Sends all links at the same time. The answers count. @param app @default the apps take turns */
  during(links: readonly Link[], app?: App): Promise<void>
  /** Like `during`, for five used links and ten fresh ones. @param begin what goes wrong after the use */
  tryBoth(begin: () => unknown): Promise<void>
  /** Like `during`, but each link is sent again until the answer is not to try again later. */
  decided(links: readonly Link[]): Promise<void>
  /** So many requests at the same time with each link, one link after another. */
  race(links: readonly Link[], racers: number): Promise<void>
  /** Like `during`, but the answers do not count. */
  post(links: readonly Link[], app?: App): Promise<readonly Answer[]>
  /** Hangs up before the answer comes. */
  abandon(link: Link, when: Promise<unknown>): Promise<void>
}

/** What came of a fault. */
export interface Outcome {
  /** All requests, before, during and after it. */
  readonly requests: number
  /** The answers while it lasted. */
  readonly during: Tally
  /** How often the handler of a link succeeded again. */
  readonly replays: number
  /** The slowest answer while it lasted, in milliseconds. */
  readonly slowest: number
  /** Each app accepted a fresh link afterwards, without a restart. */
  readonly recovered: boolean
  readonly unhandled: number
}

/** How long a recovery may take, in milliseconds. Clients of a store pause before they try again. */
const PATIENCE = 30_000
const TRY_LATER = ['store_unavailable', 'nonce_in_progress']

/** Lets something go wrong, and looks at what is left. */
export async function runTrial(
  apps: readonly App[],
  work: (trial: Trial) => Promise<void>,
): Promise<Outcome> {
  const unhandled = watchUnhandled()
  const book: Book = { links: new Set(), during: [], requests: 0 }
  try {
    const sender = newSender(apps, book)
    await work(newTrial(apps, book, sender))
    const recovered = await settle(apps, [...book.links], sender)
    const reports = await Promise.all(apps.map((app) => app.report()))
    return {
      requests: book.requests,
      during: tally(book.during),
      replays: countReplays(reports),
      slowest: Math.max(0, ...book.during.map(({ took }) => took)),
      recovered,
      unhandled: reports.reduce((sum, report) => sum + report.unhandled, unhandled.count()),
    }
  } finally {
    unhandled.stop()
    await Promise.all(apps.map((app) => app.close()))
  }
}

interface Book {
  readonly links: Set<Link>
  readonly during: Answer[]
  requests: number
}

/** Sends links, and writes down what it sends. */
interface Sender extends Pick<Trial, 'post' | 'abandon'> {
  /** Sends a link again until the answer is not to try again later. */
  decide(link: Link): Promise<Answer>
}

function newSender(apps: readonly App[], book: Book): Sender {
  const nextApp = (): App => apps[book.requests % apps.length]! // the rest of a division
  function send(link: Link, app = nextApp(), signal?: AbortSignal): Promise<Answer> {
    book.links.add(link)
    book.requests++
    return visit(app.port, link, signal)
  }
  return {
    post: (links, app) => Promise.all(links.map((link) => send(link, app))),
    async abandon(link, when) {
      const controller = new AbortController()
      void when.then(() => controller.abort())
      await send(link, undefined, controller.signal).catch(() => undefined) // it was aborted
    },
    async decide(link) {
      let answer = await send(link)
      await until(async () => {
        if (!TRY_LATER.includes(answer.code)) return true
        answer = await send(link)
        return false
      })
      return answer
    },
  }
}

function newTrial(apps: readonly App[], book: Book, sender: Sender): Trial {
  const { post, abandon, decide } = sender
  async function used(count: number): Promise<readonly Link[]> {
    const links = await signLinks(count)
    await Promise.all(links.map(decide))
    return links
  }
  async function during(links: readonly Link[], app?: App): Promise<void> {
    book.during.push(...(await post(links, app)))
  }
  return {
    ...{ apps, fresh: signLinks, used, during, post, abandon },
    async tryBoth(begin) {
      const links = [...(await used(5)), ...(await signLinks(10))]
      await begin()
      await during(links)
    },
    async decided(links) {
      book.during.push(...(await Promise.all(links.map(decide))))
    },
    async race(links, racers) {
      for (const link of links) {
        const answers = await post(Array(racers).fill(link))
        book.during.push(...answers.map(anyLoss))
      }
    },
  }
}

/** Waits until each app accepts a fresh link and every known link is decided, twice. */
async function settle(
  apps: readonly App[],
  links: readonly Link[],
  { post, decide }: Sender,
): Promise<boolean> {
  const freed = apps.map((app) =>
    until(async () => (await post(await signLinks(1), app))[0]?.code === 'accepted'),
  )
  const recovered = (await Promise.all(freed)).every(Boolean)
  for (let time = 0; time < 2; time++) await Promise.all(links.map(decide))
  return recovered
}

/** The loser of a race is too late, or comes while the handler of the winner runs. */
function anyLoss(answer: Answer): Answer {
  return answer.code === 'nonce_in_progress' ? { ...answer, code: 'token_replayed' } : answer
}

async function until(isDone: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + PATIENCE
  while (performance.now() < end) {
    if (await isDone()) return true
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100))
  }
  return false
}

function countReplays(reports: readonly AppReport[]): number {
  const all = new Map<string, number>()
  for (const [nonce, count] of reports.flatMap(({ successes }) => Object.entries(successes))) {
    all.set(nonce, (all.get(nonce) ?? 0) + count)
  }
  return [...all.values()].reduce((sum, count) => sum + Math.max(0, count - 1), 0)
}
