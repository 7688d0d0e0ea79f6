// Builds the site into tools/site/dist: docs/ as it is, an API reference, a search, and llms.txt. Fails for an
// undocumented export and for a link that leads nowhere. `--serve` shows it while docs/ is edited.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, createServer } from 'vitepress'
import { brokenAnchors } from './anchors.mjs'
import { llmsText } from './llms.mjs'
import { stage } from './pages.mjs'
import { writeReference } from './reference.mjs'

const here = import.meta.dirname
const root = path.join(here, '..', '..')
const staged = path.join(here, '.pages')
const output = path.join(here, 'dist')

rmSync(staged, { recursive: true, force: true })
const pages = stage(root, staged)
await writeReference(root, path.join(staged, 'api'))

if (process.argv.includes('--serve')) {
  const server = await createServer(here)
  await server.listen()
  server.printUrls()
} else {
  await build(here)
  cpSync(staged, output, {
    recursive: true,
    filter: (file) => !path.extname(file) || file.endsWith('.md'),
  })
  writeFileSync(
    path.join(output, 'llms.txt'),
    llmsText(readFileSync(path.join(root, 'docs', 'README.md'), 'utf8')),
  )
  const broken = brokenAnchors(output)
  if (broken.length > 0) throw new Error(`These links lead to no heading:\n${broken.join('\n')}`)
  console.log(`${pages.length} pages and the reference: ${path.relative(root, output)}`)
}
