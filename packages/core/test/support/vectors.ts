import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Public test vectors, read where they lie beside the repository. Nothing of them is copied. */
const FOLDER = join(__dirname, '../../../../../shared/vectors')

/** Runs tests over one file of vectors, or skips them where everyone can see it. */
export function describeVectors<Data>(file: string, tests: (data: Data) => void): void {
  const path = join(FOLDER, file)
  if (existsSync(path)) {
    describe(file, () => tests(JSON.parse(readFileSync(path, 'utf8')) as Data)) // the caller knows its file
    return
  }
  process.stderr.write(`SKIPPED: tests of ${file}, which is not here: ${FOLDER}\n`)
  describe.skip(`${file} (SKIPPED: it is not here)`, () => {
    it('needs the public vectors', () => expect(existsSync(path)).toBe(true))
  })
}
