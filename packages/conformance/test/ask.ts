import {
  cataloguePortal,
  freshStore,
  httpFronts,
  settingOptions,
  type Answer,
  type Front,
  type FrontOptions,
  type RawAnswer,
  type RawRequest,
  type SchemeName,
} from '../src'

export const SCHEMES: readonly SchemeName[] = ['featkit', 'seggwat', 'jwt', 'harlyy', 'fdback']

export interface Place {
  readonly name: string
  readonly front: Front
  readonly scheme: SchemeName
}

/** Every scheme on every framework, with a name for the titles. */
export const everywhere: readonly Place[] = httpFronts.flatMap((front) =>
  SCHEMES.map((scheme) => ({ name: front.name, front, scheme })),
)

export interface Question {
  readonly scheme: SchemeName
  readonly request: RawRequest
  readonly options?: FrontOptions
}

/** Sends one request to a server of its own, with the catalogue's portal of that scheme. */
export async function ask(front: Front, { scheme, request, options }: Question): Promise<Answer> {
  const setting = settingOptions({ scheme, remembers: scheme === 'harlyy' }, freshStore())
  const open = await front.open(cataloguePortal(scheme), { ...setting, ...options })
  const answer = await open.send(request)
  await open.close()
  return answer
}

/** What came over the wire, from a front that has one. */
export function responseOf({ response }: Answer): RawAnswer {
  if (response) return response
  throw new Error('There is no wire here')
}
