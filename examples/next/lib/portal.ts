import { canny, featkit, intercom } from '@countersign/fetch'

// One portal of each kind per process. Secrets are read during the first request, so the build needs none.

export const portal = featkit({ slug: 'lantern', secret: () => process.env.FEATKIT_SECRET ?? null })

export const feedback = canny({
  companyId: 'lantern',
  secret: () => process.env.CANNY_SECRET ?? null,
})

export const chat = intercom({ secret: () => process.env.INTERCOM_SECRET ?? null })
