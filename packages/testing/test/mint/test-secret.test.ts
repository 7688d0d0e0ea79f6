import { createVerifier } from '@countersign/core'
import { featkit } from '@countersign/schemes'
import { mint, testSecret } from '@countersign/testing'

describe('a secret for tests', () => {
  const env = process.env['NODE_ENV']

  afterEach(() => {
    process.env['NODE_ENV'] = env
  })

  it('is known by how it begins, and long enough for every portal', () => {
    expect(testSecret()).toMatch(/^countersign-test-secret-[0-9a-f]{40}$/)
    expect(testSecret('any name\n')).toMatch(/^countersign-test-secret-[0-9a-f]{40}$/)
  })

  it('is always the same for a name and never the same for another', () => {
    const names = ['', 'a', 'b', 'A', 'a ', 'portal-a']
    expect(testSecret('a')).toBe(testSecret('a'))
    expect(new Set(names.map((name) => testSecret(name))).size).toBe(names.length)
    expect(testSecret()).toBe(testSecret(undefined))
  })

  it('makes portals in tests, without a word of warning', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const portal = featkit({ secret: testSecret('quiet') })
    expect((await mint(portal, { id: 'u_1' })).expect.status).toBe(200)
    createVerifier(portal)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('makes none in production', () => {
    process.env['NODE_ENV'] = 'production'
    expect(() => featkit({ secret: testSecret() })).toThrow(
      expect.objectContaining({ reason: 'secret_for_tests' }),
    )
  })
})
