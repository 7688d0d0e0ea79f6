import type { Codec } from '@countersign/core'
import { curl } from './curl'
import { javascript } from './javascript'
import { php } from './php'
import { python } from './python'
import { ruby } from './ruby'

/** The languages in which `explain` shows the correct lines. */
export type Language = 'javascript' | 'python' | 'php' | 'ruby' | 'curl'

type Encoded = 'hex' | 'base64' | 'base64url' | 'padded base64url'

/** How one language writes each step. Words in «» are replaced. */
export interface Grammar {
  /** What comes before the steps. */
  readonly head: string
  readonly secret: string
  /** For a secret that is hex. */
  readonly hexSecret: string
  /** How the MAC takes the secret, and one that is hex. */
  readonly keys: readonly [text: string, hex: string]
  readonly seconds: string
  readonly milliseconds: string
  readonly claims: string
  readonly member: string
  /** Between two members. */
  readonly separator: string
  readonly user: string
  readonly constant: string
  readonly nonce: string
  readonly now: string
  readonly later: string
  readonly json: string
  readonly form: string
  readonly identifier: string
  readonly payload: string
  /** Text in an encoding. */
  readonly encode: Readonly<Record<Encoded, string>>
  readonly input: Readonly<Record<'identifier' | Codec<unknown>['signs'], string>>
  readonly mac: Readonly<Record<Encoded, string>>
  readonly token: string
  readonly jwt: string
  readonly link: string
  readonly encodedLink: string
  readonly pair: string
  readonly value: string
  readonly identified: string
  readonly fields: string
  readonly reply: string
}

export const GRAMMARS: Readonly<Record<Language, Grammar>> = { javascript, python, php, ruby, curl }
