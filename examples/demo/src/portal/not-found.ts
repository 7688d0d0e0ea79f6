/** Nothing is at this address. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
  readonly status = 404
}
