import type { Apart } from '../apart/apart'
import { nameOf } from '../apart/encodings'
import { found, type CauseId, type Found } from '../causes'
import type { Context } from '../context'
import type { Range } from '../given/piece'
import { inputName, inputRows } from './inputs'
import { waysTo, type MacWay } from './macs'
import { secretsOf, type Secret } from './secrets'
import { damage, signatureRows } from './signatures'
import { variantsOf, type Variant } from './variants'

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
  const readings = variantsOf(signatureRows(signature.text, wanted))
  if (readings.some(({ bytes }) => new Set(bytes).size === 1)) {
    return [found('signature-placeholder', signature.range)]
  }
  const byMac = new Map(readings.map((each) => [each.bytes.toString('hex'), each]))
  const space = {
    secrets: secretsOf(context),
    ways: waysTo(readings.map(({ bytes }) => bytes.length)),
    inputs: variantsOf(inputRows(apart, context)),
  }
  for (let mistakes = 0; mistakes <= MOST_MISTAKES; mistakes++) {
    const made = search(space, mistakes, byMac)
    if (made) return told(made, apart, context)
    const problem = mistakes === 0 ? damaged(space, apart, context) : undefined
    if (problem) return [problem]
  }
  return [found('signature-unmatched', signature.range)]
}

interface Space {
  readonly secrets: readonly Secret[]
  readonly ways: readonly MacWay[]
  readonly inputs: readonly Variant[]
}

type Made = readonly Pick<Variant, 'mistake' | 'facts'>[]

/** Tries every way with exactly so many mistakes. A signature that is spelled right is preferred. */
function search(
  { secrets, ways, inputs }: Space,
  mistakes: number,
  byMac: ReadonlyMap<string, Variant>,
): Made | undefined {
  let second: Made | undefined
  const right = inputs.filter(({ mistake }) => !mistake)
  const wrong = inputs.filter(({ mistake }) => mistake)
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

function told(made: Made, apart: Apart, context: Context): readonly Found[] {
  const wanted = nameOf(context.portal.scheme.codec.signature)
  return made.flatMap(({ mistake, facts }) =>
    mistake === null
      ? []
      : [found(mistake, placeOf(mistake, apart), { input: inputName(context), wanted, ...facts })],
  )
}

/** Changes of the body are shown there; what was signed, at the signature that was made of it. */
function placeOf(mistake: CauseId, { payload, signature }: Apart): Range {
  if (mistake === 'replacement-character') return payload.find(/\uFFFD/)
  if (mistake === 'body-changed' || mistake === 'signed-other-json') return payload.range
  return mistake === 'signature-last-character' ? signature.find(/[^=](?==*$)/) : signature.range
}

/** A right signature that was changed after it was made. */
function damaged({ secrets, inputs }: Space, apart: Apart, context: Context): Found | undefined {
  const wanted = context.portal.scheme.codec.signature
  const right = inputs.filter(({ mistake }) => !mistake)
  const macs = secrets
    .filter(({ mistake }) => !mistake)
    .flatMap(({ key }) => right.map(({ bytes }) => key.hmac('sha256', [bytes])))
  return macs.map((mac) => damage(apart.signature, mac, wanted)).find((each) => each)
}
