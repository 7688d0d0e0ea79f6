import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Links of a built site to a heading that their page does not have. VitePress checks the pages itself. */
export function brokenAnchors(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  )
  const pages = new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]))
  const ids = new Map([...pages].map(([file, html]) => [file, idsOf(html)]))
  return [...pages].flatMap(([file, html]) =>
    anchorsOf(html)
      .map((href) => ({ href, ...targetOf(href, file) }))
      .filter(({ target, id }) => ids.has(target) && !ids.get(target).has(id))
      .map(({ href }) => `${file} -> ${href}`),
  )
}

function idsOf(html) {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
}

function anchorsOf(html) {
  const [, main = ''] = html.split('<main')
  return [...main.matchAll(/ href="([^"]*#[^"]+)"/g)].map(([, href]) => href)
}

function targetOf(href, from) {
  const { pathname, hash } = new URL(href, `file:///${from}`)
  const page =
    pathname === `/${from}`
      ? from
      : `${pathname.slice(1)}.html`.replace(/\/?\.html\.html$/, '.html')
  return { target: page, id: decodeURIComponent(hash.slice(1)) }
}
