import express, { type Express } from 'express'
import { DEFECTS, portalCases, testSecret } from '@countersign/testing'
import { requireSignedUser, seggwat } from '@countersign/express'
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

  it('knows in how many ways a credential can be wrong', () => {
    expect(Math.abs(Object.keys(DEFECTS).length - 80)).toBeLessThan(5)
    for (const page of [PAGE, 'packages/testing/README.md']) {
      expect(readDocument(page)).toContain('80')
    }
  })

  it('names every option', () => {
    for (const file of ['cases/options', 'portal/options', 'sign/options', 'store/options']) {
      const [, source = ''] = readDocument(`packages/testing/src/${file}.ts`).split(
        /interface \w+CaseOptions/,
      )
      const names = [...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
      expect(names.length).toBeGreaterThan(3)
      expect(names.filter((name) => !readDocument(PAGE).includes(`\`${name}\``))).toEqual([])
    }
  })
})
