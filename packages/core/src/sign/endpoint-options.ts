import type { Awaitable } from '../awaitable'
import { ConfigError } from '../config-error'
import { localPathOption } from '../local-path'
import {
  callback,
  choice,
  clock,
  flag,
  originsOption,
  readOptions,
  requiredCallback,
  type Settings,
} from '../options'
import type { Portal } from '../portal'
import type { VerificationError } from '../verify/verification'
import { embedParameter } from './address'
import { returnToOption, type ReturnSettings, type ReturnTo } from './return-to'
import { expiresInOption, type SignerOptions } from './signer'

/** How a sign endpoint finds its user, signs and responds. */
export interface SignEndpointOptions<Input, Native> extends SignerOptions {
  /**
   * The signed-in user, from the application's own session; `null` when signed out. The only source
   * of identity: the request's body and query are never read for it. May take at most 5 seconds.
   */
  readonly user: (request: Native) => Awaitable<Input | null | undefined>
  /**
   * Sign URLs for an iframe. Only for portals that can be embedded.
   * @default for requests with `?embed`, where the portal can be embedded
   */
  readonly embed?: boolean | undefined
  /**
   * Respond with JSON for a script, or send the browser on to the portal: by a redirect, or by a page
   * that posts a form where the portal takes only that.
   * @default 'json'
   */
  readonly respond?: 'json' | 'redirect' | undefined
  /**
   * With `respond: 'redirect'`: the application's own path to which a signed-out visitor is
   * redirected, such as `/login`.
   * @default none: a signed-out visitor gets 401 as JSON
   */
  readonly signedOut?: string | undefined
  /**
   * With `respond: 'redirect'`: for visitors that the portal has sent to sign in. The address in this
   * parameter is checked against a list, and survives the application's own login.
   * @default none: no such parameter is read
   */
  readonly returnTo?: ReturnTo | undefined
  /**
   * Origins whose pages may call, with the user's cookies. With a list, include the application's
   * own origin for browsers that send no `Sec-Fetch-Site`.
   * @default none: only the application's own
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Called for each refusal, with its private code and detail, for logs and metrics. */
  readonly onRejected?: ((error: VerificationError, request: Native) => void) | undefined
}

export type EndpointSettings = Omit<
  Settings<SignEndpointOptions<unknown, unknown>, 'embed' | 'signedOut' | 'onRejected'>,
  'returnTo'
> & { readonly returnTo: ReturnSettings | undefined }

/** @throws ConfigError for options that cannot work */
export function endpointSettings(portal: Portal, options: object, owner: string): EndpointSettings {
  const settings = readOptions<EndpointSettings>(
    owner,
    {
      user: requiredCallback('a function that returns the signed-in user, or null'),
      expiresIn: expiresInOption(portal),
      embed: { ...flag, fallback: undefined },
      respond: choice(['json', 'redirect'], 'json'),
      signedOut: localPathOption,
      returnTo: returnToOption,
      allowedOrigins: originsOption,
      allowShortSecret: flag,
      now: clock,
      onRejected: callback(),
    },
    options,
  )
  if (settings.embed) embedParameter(portal)
  if (settings.respond === 'redirect') assertNavigable(portal)
  for (const name of ['signedOut', 'returnTo'] as const) {
    if (settings[name] === undefined || settings.respond === 'redirect') continue
    throw new ConfigError('option_invalid', {
      problem: `The option "${name}" of ${owner} has no effect without a redirect`,
      fix: `Set \`respond: 'redirect'\`, or leave out \`${name}\``,
    })
  }
  return settings
}

/** @throws ConfigError where a browser cannot take the credential to the portal by itself */
function assertNavigable({ scheme: { name, carrier, codec } }: Portal): void {
  const isForPage = carrier.output === 'page'
  if ((codec.compact || carrier.posts) && !isForPage) return
  throw new ConfigError('option_invalid', {
    problem: `The endpoint cannot redirect with a credential of ${name}: ${isForPage ? 'a script of your page hands it over' : 'it has to be posted'}`,
    fix: `Leave out \`respond\`, and ${isForPage ? 'pass' : 'post'} what the endpoint responds with${isForPage ? ' to the script of your page' : ''}`,
  })
}
