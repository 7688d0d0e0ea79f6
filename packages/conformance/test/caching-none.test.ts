import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  base64urlPadded,
  compact,
  createVerifier,
  defineScheme,
  hex,
  hmacSha256,
  identifier,
  nullable,
  query,
  seconds,
  text,
  type Mac,
  type Verifier,
} from '@countersign/core'
import { fdback, featkit } from '@countersign/schemes'
import { catalogue, PATH, rotation, viewOf } from '../src'
import { credentialOf, forge } from './forge'

// A hundred thousand requests in one go, also where the machine is busy
jest.setTimeout(120_000)

const now = (): number => catalogue.now

describe('CA-06: credentials that are refused', () => {
  it('leave nothing behind: a hundred thousand different ones, and the heap is as it was', async () => {
    const verifier = createVerifier(featkit({ secret: rotation }), { now })
    const before = await heapAfter(() => refuseMany(verifier, 1_000))
    const after = await heapAfter(() => refuseMany(verifier, 100_000))
    expect(after - before).toBeLessThan(1_000_000) // ten bytes each, a tenth of the shortest token
  })

  it('put no tenant out of mind whose secret is known', async () => {
    const asked: (string | null)[] = []
    const secret = ({ tenant }: { readonly tenant: string | null }): string | null => {
      asked.push(tenant)
      return tenant === 'ws_demo' ? catalogue.secrets.A : null
    }
    const verifier = createVerifier(fdback({ secret }), { now })
    const good = viewOf(forge('fdback'))
    await verifier.verify(good)
    for (let count = 0; count < 20_000; count++) {
      await verifier.verify(viewOf(forge('fdback', { workspace: `ws_${count}` })))
    }
    expect((await verifier.verify(good)).ok).toBe(true)
    expect(asked).toHaveLength(20_001)
    expect(asked.filter((tenant) => tenant === 'ws_demo')).toHaveLength(1)
  })

  async function refuseMany(verifier: Verifier, count: number): Promise<void> {
    const [payload = ''] = credentialOf(forge('featkit')).split('.')
    for (let index = 0; index < count; index++) {
      const signature = index.toString(16).padStart(64, '0')
      const result = await verifier.verify(
        viewOf({ target: `${PATH}?token=${payload}.${signature}` }),
      )
      if (result.ok) throw new Error('A forged credential was accepted')
    }
  }

  /** Bytes in use once everything that nobody holds is gone. */
  async function heapAfter(work: () => Promise<void>): Promise<number> {
    await work()
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void // there since the line before
    collect()
    return process.memoryUsage().heapUsed
  }
})

describe('CA-08: a verifier', () => {
  it('remembers no verdict: the same credential is signed again and read again each time', async () => {
    let signatures = 0
    const mac: Mac = {
      ...hmacSha256,
      verify: (...parts) => {
        signatures++
        return hmacSha256.verify(...parts)
      },
    }
    let readings = 0
    const id = identifier('user_id')
    const counted = { ...id, read: (raw: unknown) => (readings++, id.read(raw)) }
    const acme = defineScheme({
      name: 'acme',
      carrier: query('token'),
      codec: compact({ payload: base64urlPadded, signature: hex, signs: 'text' }),
      mac,
      claims: {
        user: { id: counted, email: nullable(text('email')), name: nullable(text('name')) },
        expiresAt: seconds('expires'),
        unknown: 'drop',
      },
      limits: { maxLifetime: 86_400 },
      address: { origin: 'https://acme.example', path: () => '/', ids: [], expiresIn: 60 },
    })
    const verifier = createVerifier(acme({ secret: rotation }), { now })
    const request = viewOf(forge('featkit'))
    for (let count = 1; count <= 3; count++) {
      expect((await verifier.verify(request)).ok).toBe(true)
      expect([signatures, readings]).toEqual([count * rotation.length, count])
    }
  })
})
