import express, { type Express } from 'express'
import { DEFECTS, portalCases, testSecret } from '@countersign/testing'
import { featkit, harlyy, requireSignedUser, seggwat } from '@countersign/express'
import { blocksOf, readDocument } from './documents'

const PAGE = 'docs/testing.md'

/** The board whose finding the page shows. */
function boardWithGuardBehind(portal: ReturnType<typeof seggwat>): Express {
  return express()
    .get('/p/acme', (_req, res) => void res.send('Welcome'))
    .use(requireSignedUser(portal))
}

describe('the page about testing', () => {
  it('shows a finding as a test runner shows it', async () => {
    const portal = seggwat({ projectKey: 'acme', secret: testSecret() })
    const shown = blocksOf(PAGE).find(({ language }) => language === 'text')
    const missing = portalCases(portal, '/p/acme').find(({ id }) => id === 'missing')
    const failure = missing?.run(boardWithGuardBehind(portal))
    await expect(failure).rejects.toMatchObject({ message: shown?.code })
  })

  it('knows how many broken credentials are sent', () => {
    const secret = testSecret()
    const portals = [featkit({ secret, slug: 'acme' }), harlyy({ secret })]
    const count = (thorough: boolean) =>
      [...portals, seggwat({ secret, projectKey: 'acme', mode: 'jwt' })].map(
        (portal) =>
          portalCases(portal, '/p', { thorough }).filter(({ id }) => id in DEFECTS).length,
      )
    for (const few of count(false)) expect(Math.abs(few - 40)).toBeLessThan(11)
    for (const all of count(true)) expect(Math.abs(all - 50)).toBeLessThan(12)
    expect(readDocument(PAGE)).toMatch(/About 40 broken credentials .* which is up to 60/)
    expect(readDocument('packages/testing/README.md')).toContain('about 40 deliberately broken')
  })

  it('names every option', () => {
    for (const file of [
      'cases/options',
      'portal/options',
      'sign/options',
      'store/options',
      'minting/request',
    ]) {
      const [, source = ''] = readDocument(`packages/testing/src/${file}.ts`).split(
        /interface \w*(?:Case|Credential)Options/,
      )
      const names = [...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
      expect(names.length).toBeGreaterThan(3)
      expect(names.filter((name) => !readDocument(PAGE).includes(`\`${name}\``))).toEqual([])
    }
  })
})
