import { createSigner } from '@countersign/express'
import { surveyPortal, type SurveyPortal } from './survey'

const TWO_WEEKS = 14 * 86_400

/** Signs links. Each is valid for one answer. */
export async function makeLinks(portal: SurveyPortal, count: number): Promise<readonly string[]> {
  if (!(Number.isInteger(count) && count >= 1 && count <= 10_000)) {
    throw new Error('How many links? A number from 1 to 10000')
  }
  const signer = createSigner(portal, { expiresIn: TWO_WEEKS })
  const links = await Promise.all(Array.from({ length: count }, () => signer.sign({})))
  return links.map(({ url }) => url)
}

if (require.main === module) {
  makeLinks(surveyPortal(process.env), Number(process.argv[2] ?? 1)).then(
    (links) => console.log(links.join('\n')),
    (error: Error) => {
      console.error(error.message)
      process.exitCode = 1
    },
  )
}
