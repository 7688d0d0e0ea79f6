import { canny, featkit, intercom } from '@countersign/fetch'

// One of each for the process. A secret is read when the first request needs it, so the build needs none.

export const portal = featkit({ slug: 'lantern', secret: () => process.env.FEATKIT_SECRET ?? null })

export const feedback = canny({
  companyId: 'lantern',
  secret: () => process.env.CANNY_SECRET ?? null,
})

export const chat = intercom({ secret: () => process.env.INTERCOM_SECRET ?? null })
