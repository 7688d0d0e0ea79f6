import { randomBytes } from 'node:crypto'
import { isRejection, Rejection } from './rejection'
import type { OneTimeContext, Use, Uses } from './single-use'
import { warn } from './warn'

/** A one-time credential that is used up or given back by the answer to the request that holds it. */
export interface Reservation {
  /**
   * A success (a status below 400) uses the credential up, anything else gives it back. Counts the
   * first time. Never rejects: what the store cannot be told now, it is told as soon as it listens.
   * @returns when the store knows, or did not answer in time
   */
  settle(status: number): Promise<void>
}

/** A reservation on its way. */
interface Reserved extends Reservation {
  /** Rejects where somebody else was first. */
  readonly first: Promise<void>
  /** Uses it up now. @throws Rejection `token_replayed` where its lease ran out and somebody else took it */
  consume(): Promise<void>
}

/** The first pause before the store is told again, in milliseconds. Each is twice as long, up to the last. */
const FIRST_PAUSE = 50
const LAST_PAUSE = 2_000
/** For how long beyond its lease a use is told, in milliseconds. */
const PERSISTENCE = 600_000

/** @param lease milliseconds */
export function reserve(use: Use, { desk, uses }: OneTimeContext, lease: number): Reserved {
  const { key, expiresAt } = use
  const owner = randomBytes(12).toString('base64url')
  const first = desk.reserve(key, { owner, duration: lease })
  let settled: Promise<void> | undefined

  async function commit(): Promise<void> {
    if (!(await desk.commit(key, { owner, expiresAt }))) throw overtaken()
  }

  async function giveBack(): Promise<void> {
    await desk.release(key, owner).catch(() => false) // then it ends with its lease
  }

  const record = (): Promise<void> => recordUse(commit, { key, lease, uses })
  return {
    first,
    settle: (status) => (settled ??= status < 400 ? record() : giveBack()),
    async consume() {
      await commit()
      settled = Promise.resolve()
    },
  }
}

interface Recording {
  readonly key: string
  readonly lease: number
  readonly uses: Uses
}

/** From now on this process refuses the credential, whatever the store knows. */
async function recordUse(commit: Commit, { key, lease, uses }: Recording): Promise<void> {
  function finish(telling: Telling): void {
    uses.unrecorded.delete(key)
    if (telling !== 'heard') warnOf(telling, lease)
  }

  uses.unrecorded.add(key)
  const telling = await tell(commit)
  if (telling !== 'unheard') return finish(telling)
  void persist(commit, performance.now() + lease + PERSISTENCE).then(finish)
}

type Commit = () => Promise<void>

/** What became of telling the store. */
type Telling = 'heard' | 'overtaken' | 'unheard'

async function tell(commit: Commit): Promise<Telling> {
  try {
    await commit()
    return 'heard'
  } catch (error) {
    return isRejection(error) && error.code === 'token_replayed' ? 'overtaken' : 'unheard'
  }
}

async function persist(commit: Commit, giveUpAt: number): Promise<Telling> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LAST_PAUSE)) {
    await new Promise((resolve) => setTimeout(resolve, pause).unref())
    const telling = await tell(commit)
    if (telling !== 'unheard' || performance.now() > giveUpAt) return telling
  }
}

function overtaken(): Rejection {
  return new Rejection('token_replayed', 'the lease ran out, and somebody else took the credential')
}

function warnOf(telling: Exclude<Telling, 'heard'>, lease: number): void {
  if (telling === 'overtaken') {
    return warn(
      'COUNTERSIGN_LEASE_TOO_SHORT',
      `a handler took longer than its lease of ${lease / 1000} s, and the credential was used a second time meanwhile. Set a longer \`lease\`.`,
    )
  }
  warn(
    'COUNTERSIGN_USE_NOT_RECORDED',
    'a credential was used, and the replay store could not be told of it. It may be used again.',
  )
}
