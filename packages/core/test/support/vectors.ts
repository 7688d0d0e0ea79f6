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
  console.warn(`Skipped: ${file} is not in ../shared/vectors beside the repository`)
  describe.skip(`${file} (SKIPPED: no ../shared/vectors beside the repository)`, () => {
    it('needs the public vectors', () => expect(existsSync(path)).toBe(true))
  })
}
