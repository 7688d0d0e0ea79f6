import type { Request } from 'express'

/** A customer of the app. A portal may learn all of it. */
export interface SampleUser {
  readonly id: string
  readonly name: string
  readonly email: string
  /** An absolute URL: fdback takes no other. */
  readonly avatar: string
  readonly subscriptionId: string
}

/** `null` for a visitor who has signed out. */
export type SignedInUser = (req: Request) => SampleUser | null

/**
 * Three users to choose from. The third has a name that breaks careless pages.
 * @param origin of the app, which serves the pictures
 */
export function sampleUsers(origin: string): readonly SampleUser[] {
  const people = [
    ['ada', 'Ada Okafor'],
    ['zoe', 'Zoë Lindström'],
    ['mallory', '</script><img src=x onerror=alert(1)>'],
  ] as const
  return people.map(([id, name]) => ({
    id,
    name,
    email: `${id}@lantern.example`,
    avatar: `${origin}/assets/avatars/${id}.svg`,
    subscriptionId: `sub_${id}`,
  }))
}
