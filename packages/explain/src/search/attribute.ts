import type { Apart } from '../apart/apart'
import type { CauseId, Found } from '../causes'
import type { Context } from '../context'
import type { At } from '../given/locate'
import { inputRows } from './inputs'
import { waysTo, type MacWay } from './macs'
import { secretsOf, type Secret } from './secrets'
import { damage, signatureRows } from './signatures'
import { variantsOf, type Guess, type Variant } from './variants'

/** Of the secret, of what was signed and of how: more mistakes at once are not searched for. */
const MOST_MISTAKES = 2

/**
 * Finds the fewest mistakes that explain a signature: in the secret, in what was signed, in how it
 * was signed, and in how the signature is written.
 * @returns all of them; none where the signature is right
 */
export function attribute(apart: Apart, context: Context): readonly Found[] {
  const { signature } = apart
  if (!apart.isComplete || signature.length === 0) return []
  const wanted = context.portal.scheme.codec.signature
  const readings = variantsOf(signatureRows(signature, wanted))
  if (readings.some(({ bytes }) => new Set(bytes).size === 1)) {
    return [{ id: 'signature-placeholder', at: signature, facts: {} }]
  }
  const byMac = new Map(readings.map((each) => [each.bytes.toString('hex'), each]))
  const inputs = variantsOf(inputRows(apart, context))
  const space = {
    secrets: secretsOf(context),
    ways: waysTo(readings.map(({ bytes }) => bytes.length)),
    right: inputs.filter(({ mistake }) => !mistake),
    wrong: inputs.filter(({ mistake }) => mistake),
    byMac,
  }
  for (let mistakes = 0; mistakes <= MOST_MISTAKES; mistakes++) {
    const made = search(space, mistakes)
    if (made) {
      return made.flatMap(({ mistake, facts }) =>
        mistake ? [{ id: mistake, at: placeOf(mistake, apart), facts }] : [],
      )
    }
    const [problem] = mistakes === 0 ? damaged(space, apart, context) : []
    if (problem) return [problem]
  }
  return [{ id: 'signature-unmatched', at: signature, facts: {} }]
}

interface Space {
  readonly secrets: readonly Secret[]
  readonly ways: readonly MacWay[]
  /** What should be signed, and everything else that may have been. */
  readonly right: readonly Variant[]
  readonly wrong: readonly Variant[]
  /** The signature as it can be read. */
  readonly byMac: ReadonlyMap<string, Variant>
}

/**
 * Tries every way with exactly so many mistakes. A signature that is spelled right is preferred.
 * @returns what the signature was made of
 */
function search(
  { secrets, ways, right, wrong, byMac }: Space,
  mistakes: number,
): readonly Guess[] | undefined {
  let second: readonly Guess[] | undefined
  for (const secret of secrets) {
    for (const way of ways) {
      const rest = mistakes - (secret.mistake ? 1 : 0) - (way.mistake ? 1 : 0)
      for (const input of [right, wrong][rest] ?? []) {
        const mac = way.mac(secret, input.bytes) ?? ''
        const reading = byMac.get(mac) ?? byMac.get(mac.slice(0, 64)) // of another hash, cut to the length of ours
        if (!reading || (second && reading.mistake)) continue
        second = [secret, way, input, reading]
        if (!reading.mistake) return second
      }
    }
  }
  return second
}

/** Changes of the body are shown there; what was signed, at the signature that was made of it. */
function placeOf(mistake: CauseId, { payload, signature }: Apart): At {
  if (mistake === 'replacement-character') return '\uFFFD'
  return mistake === 'body-changed' || mistake === 'signed-other-json' ? payload : signature
}

/** A right signature that was changed after it was made. */
function damaged({ secrets, right }: Space, { signature }: Apart, context: Context): Found[] {
  const wanted = context.portal.scheme.codec.signature
  return secrets
    .filter(({ mistake }) => !mistake)
    .flatMap(({ key }) => right.map(({ bytes }) => key.hmac('sha256', [bytes])))
    .flatMap((mac) => damage(signature, mac, wanted) ?? [])
}
