import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a scheme says, without its imports, comments and blank lines. */
function declarations(file: string): readonly string[] {
  return readFileSync(join(__dirname, '../src', file), 'utf8')
    .replace(/^import [\s\S]*? from '.*'$/gm, '')
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

describe('a scheme', () => {
  it.each(['featkit.ts', 'harlyy.ts', 'fdback.ts'])(
    'is a page of declarations, at most 60 lines: %s',
    (file) => {
      expect(declarations(file).length).toBeLessThanOrEqual(60)
    },
  )

  it.each(['featkit.ts', 'harlyy.ts', 'fdback.ts', 'seggwat.ts'])(
    'stands on the public door of the core alone: %s',
    (file) => {
      const source = readFileSync(join(__dirname, '../src', file), 'utf8')
      const imported = [...source.matchAll(/from '(.*)'/g)].map(([, module]) => module)
      expect(imported).toEqual(['@countersign/core'])
    },
  )
})
