import { createSigner } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { run } from './run'
import { example } from './documents'

const secret = 'the secret of the page, and a long one'

it('the page about explanations names the mistakes in a link', async () => {
  process.env['FEATKIT_SECRET'] = secret
  const page = run<{ mistakesIn: (link: string) => Promise<readonly string[]> }>(
    example('docs/explain.md', 'explain.ts'),
  )
  const { url } = await createSigner(featkit({ secret, slug: 'acme' })).sign({ id: 1 })
  expect(await page.mistakesIn(url)).toEqual([])
  expect(await page.mistakesIn(`${url}0`)).toEqual(['Something follows the signature. Remove it.'])
})
