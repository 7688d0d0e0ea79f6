import type { Field } from '@countersign/core'
import { expectRejection, thrown } from './errors'

/** Refused, and the detail names the claim. */
export function expectInvalid(field: Field<unknown, never>, values: readonly unknown[]): void {
  for (const value of values) {
    const error = thrown(() => field.read(value))
    expectRejection(error, 'claims_invalid')
    expect(error).toMatchObject({ detail: expect.stringContaining(`"${field.claim}"`) })
  }
}

export function expectRead<Out>(field: Field<Out, never>, values: readonly Out[]): void {
  for (const value of values) expect(field.read(value)).toBe(value)
}
