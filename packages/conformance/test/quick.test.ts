import { createVerifier, memoryReplayStore, type RequestView } from '@countersign/core'
import { featkit, seggwat, harlyy, fdback } from '@countersign/schemes'
import data from '../data/tokens.json'
const S = data.secrets
const both = [S.A, S.B]
const make = {
  featkit: () => featkit({ secret: both }),
  seggwat: () => seggwat({ secret: both, projectKey: data.projectKey }),
  jwt: () => seggwat({ secret: both, projectKey: data.projectKey, mode: 'jwt' }),
  harlyy: () => harlyy({ secret: both }),
  fdback: () =>
    fdback({
      secret: ({ tenant }) =>
        tenant === 'ws_demo' ? both : tenant === 'ws_other' ? S.other_workspace : null,
    }),
} as any
type Req = { query?: string; headers?: string[][]; bodyHex?: string }
const view = (scheme: string, r: Req): RequestView => ({
  method: scheme === 'harlyy' || scheme === 'fdback' ? 'POST' : 'GET',
  target: '/x' + (r.query !== undefined ? '?' + r.query : ''),
  headers: (n) => (r.headers ?? []).filter(([k]) => k!.toLowerCase() === n).map(([, v]) => v!),
  body: () => Buffer.from(r.bodyHex ?? '', 'hex'),
  native: {},
})
describe('tokens', () => {
  for (const c of data.cases as any[]) {
    it(c.id + ' ' + c.description, async () => {
      const replay = c.scheme === 'harlyy' || c.class === 'REPLAY'
      const v = createVerifier(make[c.scheme](), {
        now: () => data.now * 1000,
        ...(replay ? { replayStore: memoryReplayStore(), nonceRetention: 3600 } : {}),
      })
      let last: any
      for (const r of c.requests ?? [c.request]) last = await v.verify(view(c.scheme, r))
      const got = last.ok ? '200' : `${last.error.status} ${last.error.code}`
      expect(got + (last.ok || got === c.expected ? '' : ' ' + last.error.detail)).toBe(c.expected)
    })
  }
})
