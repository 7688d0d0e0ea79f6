// What the command line is made of. Loads nothing, so that `--help` is quick.

export const PORTAL_NAMES = ['featkit', 'seggwat', 'seggwat-jwt', 'harlyy', 'fdback'] as const

export type PortalName = (typeof PORTAL_NAMES)[number]

/** The ids of all portals, by their option. */
export const ID_OPTIONS = {
  slug: 'the slug of a FeatKit project',
  projectKey: 'the key of a SeggWat project',
  businessId: 'the id of a Harlyy business',
  surveyId: 'the id of a Harlyy survey',
  workspaceId: 'the id of a fdback workspace',
} as const

export type IdName = keyof typeof ID_OPTIONS

export type Ids = Partial<Readonly<Record<IdName, string>>> & { readonly baseUrl?: string }

/** The properties of users, by their option. */
export const USER_OPTIONS = {
  id: 'the id of the user in your application',
  email: 'the e-mail address',
  name: 'the name',
  avatar: 'the URL of a picture (fdback)',
  subscriptionId: 'the id of a subscription (SeggWat)',
} as const

export type UserName = keyof typeof USER_OPTIONS

export function optionName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
