import { featkit } from '@countersign/fetch'

/** One for the process. The secret is read when the first request needs it, so the build needs none. */
export const portal = featkit({ slug: 'lantern', secret: () => process.env.FEATKIT_SECRET ?? null })
