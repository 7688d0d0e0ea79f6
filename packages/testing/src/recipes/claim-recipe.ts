import { isRejection } from '@countersign/core'
import type { Anatomy } from '../minting/anatomy'
import { withClaim, type AnyField } from './claims-of'
import { isKnown } from './craft'
import type { Recipe } from './recipe'

/** True where a scheme's own field is there, and would not take the value. */
export function refuses(field: AnyField | undefined, value: unknown): boolean {
  try {
    field?.read(value)
    return false
  } catch (error) {
    return isRejection(error) && error.code === 'claims_invalid'
  }
}

/** One claim has a value that its field refuses; none at all for `undefined`. */
export function badValue(
  fieldOf: (anatomy: Anatomy) => AnyField | undefined,
  ...values: readonly unknown[]
): Recipe {
  const worst = (field: AnyField | undefined): unknown =>
    values.find((value) => refuses(field, value))
  return {
    needs(anatomy) {
      const field = fieldOf(anatomy)
      const plain = values.every((value) => typeof value === 'string')
      return values.some((value) => refuses(field, value)) && (plain || isKnown(anatomy))
    },
    how({ anatomy, claims, sign, place }) {
      const field = fieldOf(anatomy)
      return place(sign(withClaim(claims, field?.claim ?? '', worst(field))))
    },
  }
}
