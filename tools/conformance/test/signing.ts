import type { Portal } from '@countersign/core'
import { running, sendRaw, SIGN_PATH, signing } from '../src'
import type { AnyOptions, Framework, RawAnswer, RawRequest } from '../src'

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
