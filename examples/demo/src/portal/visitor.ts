import type { PortalAuth, PortalUser } from '@countersign/express'

/** The visitor of a board, and how the portal knows. The board's session keeps this. */
export interface Visitor {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly avatar: string | null
  readonly proof: Proof
  /** The name of the user that the session belonged to before. */
  readonly previous: string | null
  /** Identifies the link that the session was made of: it may be opened again. */
  readonly link: string | undefined
}

/** How the portal knows. Times in milliseconds since the epoch. */
export interface Proof {
  readonly keyId: string | null
  readonly issuedAt: number | null
  readonly expiresAt: number | null
}

/** A cookie has room for 4 kB, and a signed name may be longer. */
const NAME_LENGTH = 100

export function visitorOf(
  user: PortalUser & { readonly avatar?: string | null },
  auth: PortalAuth,
  before: Visitor | null,
  link: string | undefined,
): Visitor {
  const id = user.id ?? ''
  return {
    id,
    name: (user.name ?? id).slice(0, NAME_LENGTH),
    email: user.email,
    avatar: user.avatar ?? null,
    proof: proofOf(auth),
    previous: before && before.id !== id ? before.name : null,
    link,
  }
}

export function proofOf({ keyId, issuedAt, expiresAt }: PortalAuth): Proof {
  return {
    keyId,
    issuedAt: issuedAt?.getTime() ?? null,
    expiresAt: expiresAt?.getTime() ?? null,
  }
}
