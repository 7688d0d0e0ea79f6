import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import {
  countersign,
  jwtLibraries,
  messageFromHeaders,
  messageInHand,
  tokenFromUrl,
  tokenInHand,
  type Contender,
} from './peers'
import { signSamples, type SampleOptions, type Samples } from './samples'
import {
  straightFdback,
  straightFeatKit,
  straightHarlyy,
  straightJwt,
  straightSeggWat,
} from './straight-line'

/** One kind of credential, and all that verify it. */
export interface Case {
  readonly title: string
  /** Each verifier gets each credential once. */
  readonly oneTime: boolean
  readonly contenders: readonly Contender[]
  samples(): Promise<Samples>
}

export const SECRET = 'wAGqUEOrGzm8MrMHmUI6cF5tZ3Zl0s7x' // of this benchmark alone
export const PROJECT = 'bench-project'

export const portals: Readonly<
  Record<'featkit' | 'seggwat' | 'jwt' | 'harlyy' | 'fdback', () => Portal>
> = {
  featkit: () => featkit({ secret: SECRET, slug: 'bench' }),
  seggwat: () => seggwat({ secret: SECRET, projectKey: PROJECT }),
  jwt: () => seggwat({ secret: SECRET, projectKey: PROJECT, mode: 'jwt' }),
  harlyy: () => harlyy({ secret: SECRET, businessId: 'bench', surveyId: 'survey' }),
  fdback: () => fdback({ secret: SECRET, workspaceId: 'ws_bench' }),
}

const POOL = 256
/** More than one batch of the timer takes, so that no nonce comes twice. */
const NONCES = 16_384

const person = (number: number) => ({
  id: `user_${number + 1000}`,
  email: `ada.${number}@example.com`,
  name: `Ada Lovelace ${number}`,
})
const links: SampleOptions = { count: POOL, method: 'GET', user: person }
const beyondAscii = (number: number) => ({ ...person(number), name: `Zoë Ångström ${number}` })

function linkCase(
  title: string,
  portal: keyof typeof portals,
  rest: { straight: Parameters<typeof tokenInHand>[0]; sample?: SampleOptions },
): Case {
  const parameter = portal === 'harlyy' ? 'sig' : 'token'
  return {
    title,
    oneTime: false,
    contenders: [
      countersign(portals[portal], () => ({ replayStore: memoryReplayStore() })),
      tokenInHand(rest.straight),
      tokenFromUrl(rest.straight, parameter),
    ],
    samples: () => signSamples(portals[portal](), rest.sample ?? links),
  }
}

const jwtCase = linkCase('SeggWat JWT', 'jwt', { straight: () => straightJwt(SECRET, PROJECT) })
const fdbackCode = () => straightFdback(SECRET)

/** By the name that chooses one on the command line. */
export const cases: Readonly<Record<string, Case>> = {
  featkit: linkCase('FeatKit', 'featkit', { straight: () => straightFeatKit(SECRET) }),
  'featkit-beyond-ascii': linkCase('FeatKit, a name beyond ASCII', 'featkit', {
    straight: () => straightFeatKit(SECRET),
    sample: { ...links, user: beyondAscii },
  }),
  'seggwat-hmac': linkCase('SeggWat HMAC', 'seggwat', {
    straight: () => straightSeggWat(SECRET, PROJECT),
  }),
  'seggwat-jwt': { ...jwtCase, contenders: [...jwtCase.contenders, ...jwtLibraries(SECRET)] },
  'harlyy-consume': {
    ...linkCase('Harlyy, memory store, fresh nonces', 'harlyy', {
      straight: () => straightHarlyy(SECRET, true),
      sample: { count: NONCES, method: 'POST', user: () => ({}) },
    }),
    oneTime: true,
  },
  'harlyy-peek': linkCase('Harlyy, memory store, peek', 'harlyy', {
    straight: () => straightHarlyy(SECRET, false),
    sample: { ...links, user: () => ({}) },
  }),
  fdback: {
    title: 'fdback, headers and body',
    oneTime: false,
    contenders: [
      countersign(portals.fdback),
      messageInHand(fdbackCode),
      messageFromHeaders(fdbackCode),
    ],
    samples: () =>
      signSamples(portals.fdback(), {
        count: POOL,
        method: 'POST',
        user: (number) => ({ email: person(number).email, name: person(number).name }),
      }),
  },
}
