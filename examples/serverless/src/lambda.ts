import serverlessExpress, { getCurrentInvoke } from '@codegenie/serverless-express'
import type { APIGatewayProxyEventV2WithJWTAuthorizer, Handler } from 'aws-lambda'
import { createApp } from './app'

function authorizedUser(): { readonly email: string } | null {
  const { event } = getCurrentInvoke() as { event?: APIGatewayProxyEventV2WithJWTAuthorizer } // of this function
  const email = event?.requestContext.authorizer?.jwt?.claims['email']
  return typeof email === 'string' ? { email } : null
}

export const handler: Handler = serverlessExpress({ app: createApp(authorizedUser) })
