import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { PATIENT, startApp } from '../app'
import { forgeLink, type Link } from '../links'
import { idOf, type Fault } from '../outcome'
import { SHARED } from './shared-store'
import { openStore } from '../stores'
import { PATIENT_LIMIT, runTrial } from '../trial'

/** What somebody may have signed for a nonce, as JSON. */
const BAD: readonly string[] = [
  '"nul\\u0000inside"',
  '"bell\\u0007"',
  '""',
  `"${'n'.repeat(256)}"`,
  '7',
  `"${'n'.repeat(10_240)}"`,
  '"lone \\ud800 surrogate"',
  '"lone \\udfff surrogate"',
]

/** Odd but good, and each another one than the next. */
const GOOD: readonly string[] = [
  'n'.repeat(255),
  'é'.normalize('NFC'),
  'é'.normalize('NFD'),
  '🏮'.repeat(60),
  "'; DROP TABLE countersign_uses; --",
  '*',
  '{slot}',
  'a:b',
  'a',
  'A',
  ' a',
  '0',
]

export const nonceFaults: readonly Fault[] = [
  {
    id: 'nonce-bad',
    name: 'nonce with NUL, too long (256, 10 KB), with lone surrogates: never asked of the store',
    store: 'any',
    expected: { claims_invalid: 5, invalid_token: 3 },
    run: refuseBad,
  },
  ...[{ name: 'memory', open: openMemory }, ...SHARED].map(({ name, open }) => ({
    id: `nonce-odd-${idOf(name)}`,
    name: 'odd but good nonces, each used twice',
    store: name,
    expected: { accepted: GOOD.length, token_replayed: GOOD.length },
    async run() {
      const shared = await open()
      const { store, close } = await openStore(shared.plan)
      try {
        const app = await startApp({ store, storeDeadline: PATIENT })
        return await runTrial(
          [app],
          async (trial) => {
            const links = GOOD.map((nonce) =>
              forgeLink(JSON.stringify({ nonce, exp: soon() }), nonce),
            )
            await trial.during(links)
            await trial.during(links)
          },
          PATIENT_LIMIT,
        )
      } finally {
        await close()
        await shared.stop()
      }
    },
  })),
]

const soon = (): number => Date.now() + 3_600_000

async function openMemory(): Promise<{
  readonly plan: { readonly kind: 'memory' }
  stop(): Promise<void>
}> {
  return { plan: { kind: 'memory' }, stop: async () => undefined }
}

/** A store that fails shows by a 503 when it is asked. */
async function refuseBad(): ReturnType<Fault['run']> {
  const memory = memoryReplayStore()
  let isBroken = true
  const store: ReplayStore = {
    ...memory,
    claim: (key, expiresAt) =>
      isBroken ? Promise.reject(new Error('asked')) : memory.claim(key, expiresAt),
  }
  const bad = BAD.map((json): Link => forgeLink(`{"nonce":${json},"exp":${soon()}}`, json))
  return runTrial([await startApp({ store })], async (trial) => {
    await trial.during(bad)
    isBroken = false
  })
}
