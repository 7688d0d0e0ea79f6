// The package has no types; these are the ones that the tests use.
declare module '@codegenie/serverless-express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export default function serverlessExpress(options: {
    readonly app: (req: IncomingMessage, res: ServerResponse) => unknown
  }): (event: object, context: object) => unknown
}
