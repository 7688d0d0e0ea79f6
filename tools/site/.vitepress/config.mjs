import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vitepress'

const pages = path.join(import.meta.dirname, '..', '.pages')

// oxlint-disable-next-line import/no-default-export -- VitePress reads it
export default defineConfig({
  title: 'Countersign',
  description: 'Your users reach your feedback portal already signed in.',
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  srcDir: '.pages',
  outDir: 'dist',
  cleanUrls: true,
  rewrites: { 'README.md': 'index.md' },
  ignoreDeadLinks: false, // a link to a page that does not exist fails the build
  markdown: { anchor: { slugify } },
  vite: { build: { chunkSizeWarningLimit: 4_000 } }, // the page of the core's API
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'When a link is refused', link: '/refused-links' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [...contents(), { text: 'API', items: reference(), collapsed: true }],
  },
})

/** As GitHub does, so that a link to a heading works in both. */
function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

/** The groups of the table of contents, docs/README.md, with the pages that they link to. */
function contents() {
  const [, ...groups] = readFileSync(path.join(pages, 'README.md'), 'utf8').split(/^\*\*/m)
  return groups.map((group) => {
    const links = [...group.matchAll(/\[([^\]]+)\]\(([\w/-]+)\.md\)/g)]
    const items = links.map(([, text, page]) => ({ text, link: `/${page}` }))
    return { text: group.split('**')[0], items }
  })
}

function reference() {
  const folder = path.join(pages, 'api', '@countersign')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .toSorted((one, other) => one.localeCompare(other))
    .map((name) => ({ text: name, link: `/api/@countersign/${name}` }))
}
