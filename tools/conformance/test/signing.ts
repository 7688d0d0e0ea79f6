import type { Portal } from '@countersign/core'
import { portals, running, sendRaw, SIGN_PATH, signing } from '../src'
import type { AnyOptions, Framework, RawAnswer, RawRequest } from '../src'

export const SCHEMES: readonly (keyof ReturnType<typeof portals>)[] = [
  'featkit',
  'seggwat',
  'jwt',
  'harlyy',
  'fdback',
]

/** Starts an app with one sign endpoint for a single request. */
export function call(
  framework: Framework,
  portal: Portal,
  options: AnyOptions = {},
  request: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  return running(framework, [signing(portal, options)], (port) =>
    sendRaw(port, { method: 'POST', target: SIGN_PATH, ...request }),
  )
}
