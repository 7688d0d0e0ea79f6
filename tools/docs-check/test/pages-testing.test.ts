import express, { type Express } from 'express'
import { DEFECTS, portalCases } from '@countersign/testing'
import { requireSignedUser, seggwat } from '@countersign/express'
import { blocksOf, readDocument } from './documents'

const PAGE = 'docs/testing.md'
const portal = seggwat({ projectKey: 'acme', secret: 'the secret of the page, and a long one' })

/** The board of which the page shows a finding. */
function boardWithGuardBehind(): Express {
  return express()
    .get('/p/acme', (_req, res) => void res.send('Welcome'))
    .use(requireSignedUser(portal))
}

describe('the page about testing', () => {
  it('shows a finding as a runner shows it', async () => {
    const shown = blocksOf(PAGE).find(({ language }) => language === 'text')
    const stranger = portalCases(portal, '/p/acme').find(({ id }) => id === 'missing')
    const failure = stranger?.run(boardWithGuardBehind())
    await expect(failure).rejects.toMatchObject({ message: shown?.code })
  })

  it('knows in how many ways a credential can be wrong', () => {
    const some = Math.round(Object.keys(DEFECTS).length / 20) * 20
    expect(some).toBe(200)
    for (const page of [PAGE, 'packages/testing/README.md']) {
      expect(readDocument(page)).toContain('some two hundred')
    }
  })
})
