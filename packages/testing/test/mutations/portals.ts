import type { Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { testSecret } from '../../src/test-secret'

/** What both sides know: the mutant with its own copy of the schemes, and the cases with a sound one. */
export const portals = {
  featkit: featkit({ slug: 'acme', secret: testSecret('featkit') }),
  seggwat: seggwat({ projectKey: 'acme', secret: testSecret('seggwat') }),
  jwt: seggwat({ projectKey: 'acme', secret: testSecret('jwt'), mode: 'jwt' }),
  harlyy: harlyy({ businessId: 'acme', surveyId: 'q1', secret: testSecret('harlyy') }),
  fdback: fdback({ workspaceId: 'ws_acme', secret: testSecret('fdback') }),
} satisfies Readonly<Record<string, Portal>>

export type Format = keyof typeof portals
export type Mount = 'required' | 'optional' | 'sign'

export const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
export const COOKIE = 'session=ada'
