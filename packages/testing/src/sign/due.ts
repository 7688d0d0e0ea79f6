import { REJECTIONS, type RejectionCode } from '@countersign/core'
import type { Expectation } from '../minted'

export const UNAUTHENTICATED: Expectation = dueTo('unauthenticated')
export const CROSS_SITE: Expectation = dueTo('csrf_rejected')

function dueTo(code: RejectionCode): Expectation {
  const { status, publicCode } = REJECTIONS[code]
  return { status, code: publicCode }
}
