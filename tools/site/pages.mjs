// Puts the pages of the site into one folder, Markdown as it is: docs/, three pages of the root, and the READMEs of
// the packages. Links to other files of the repository become links to the repository, or text where it has no address.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const ROOT_PAGES = ['SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md']

/** @returns the pages, by their path from the folder */
export function stage(root, folder) {
  const sources = sourcesOf(root)
  const { repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const address = (repository?.url ?? repository)?.replace(/^git\+|\.git$/g, '')
  for (const [page, source] of sources) {
    const text = readFileSync(path.join(root, source), 'utf8')
    const file = path.join(folder, page)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, relinked(text, { page, source, sources, address }))
  }
  cpSync(path.join(root, 'docs', 'images'), path.join(folder, 'images'), { recursive: true })
  return [...sources.keys()]
}

/** The file in the repository for each page of the site. */
function sourcesOf(root) {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true })
    .filter((file) => file.endsWith('.md'))
    .map((file) => [file, path.posix.join('docs', file)])
  const packages = readdirSync(path.join(root, 'packages'))
    .map((name) => [`packages/${name}.md`, `packages/${name}/README.md`])
    .filter(([, source]) => existsSync(path.join(root, source)))
  return new Map([...docs, ...ROOT_PAGES.map((name) => [name, name]), ...packages])
}

function relinked(text, site) {
  const parts = text.split(/(^```[\s\S]*?^```$)/m) // code stays as it is
  return parts.map((part, index) => (index % 2 ? part : relinkedProse(part, site))).join('')
}

function relinkedProse(text, { page, source, sources, address }) {
  return text.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image, label, target) => {
    if (/^(?:[a-z]+:|#)/i.test(target)) return whole
    const [file, hash = ''] = target.split(/(?=#)/)
    const inRepository = path.posix.join(path.posix.dirname(source), file).replace(/\/$/, '')
    if (image) return whole
    const found = [...sources].find(([, each]) => each === inRepository)?.[0]
    if (found) return `[${label}](${path.posix.relative(path.posix.dirname(page), found)}${hash})`
    return address ? `[${label}](${address}/blob/main/${inRepository})` : label
  })
}
