import { createSigner, fdback } from '@countersign/express'
import { secret } from './environment'
import { handler } from '../src/lambda'
import type { APIGatewayProxyEventV2, APIGatewayProxyResult, Context } from 'aws-lambda'

interface Call {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Claims of the JWT that API Gateway has verified. */
  readonly claims?: Readonly<Record<string, string>>
}

/** What API Gateway sends to the function, in format 2.0. */
function eventOf({ path, headers = {}, body, claims }: Call, isBase64Encoded: boolean) {
  const http = { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'api.example', ...headers },
    requestContext: { http, ...(claims && { authorizer: { jwt: { claims } } }) },
    body: body !== undefined && isBase64Encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded,
  } as unknown as APIGatewayProxyEventV2 // with the parts that are used
}

async function call(given: Call, isBase64Encoded = false) {
  const event = eventOf(given, isBase64Encoded)
  const { statusCode, body } = (await handler(
    event,
    {} as Context,
    () => {},
  )) as APIGatewayProxyResult
  return [statusCode, JSON.parse(body)] as const
}

const signing = createSigner(fdback({ workspaceId: 'ws_lantern', secret }))
const sdkLogin = { path: '/api/auth/sdk-login' }

it.each([false, true])('lets a signed user in, with the body in base64: %p', async (inBase64) => {
  const { headers, body } = await signing.sign({ email: 'ada@example.com', name: 'Zoë' })
  const json = { 'content-type': 'application/json' }
  const login = { ...sdkLogin, headers: { ...headers, ...json }, body }
  expect(await call(login, inBase64)).toEqual([200, { id: 'ada@example.com' }])
  const tampered = { ...login, body: body.replace('ada', 'eve') }
  expect(await call(tampered, inBase64)).toMatchObject([401, { code: 'invalid_token' }])
})

it('refuses a request without a signature', async () => {
  expect(await call(sdkLogin)).toMatchObject([401, { code: 'credential_missing' }])
})

it('signs the user of the authorizer, whatever the body says, and no other', async () => {
  const sign = { path: '/api/portal/sign', body: '{"email":"eve@example.com"}' }
  const [status, signed] = await call({ ...sign, claims: { email: 'ada@example.com' } })
  expect([status, signed.body]).toEqual([200, '{"email":"ada@example.com"}'])
  const headers = { ...signed.headers, 'content-type': 'application/json' }
  const login = await call({ ...sdkLogin, headers, body: signed.body })
  expect(login).toEqual([200, { id: 'ada@example.com' }])
  expect(await call(sign)).toMatchObject([401, { code: 'unauthenticated' }])
})
