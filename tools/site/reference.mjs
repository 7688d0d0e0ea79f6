// The API reference: one page of Markdown for each package, made from the doc comments.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Application } from 'typedoc'

/** The entries of the packages, by the names that applications import. Core is first: it defines what the others re-export. */
const ENTRIES = [
  ...['core', 'core/schemes', 'core/node'],
  ...['express', 'koa', 'fetch', 'fastify', 'hono'],
  ...['client', 'store-redis', 'store-postgres', 'testing', 'explain'],
]

function sourceOf(entry) {
  const [name, room] = entry.split('/')
  return path.join('packages', name, 'src', room ?? '', 'index.ts')
}

/** Methods of supertest, which it documents itself, and a member that is never set. */
const NOT_DOCUMENTED = [
  ...['set', 'unset', 'query', 'send', 'serialize', 'end'].map(
    (name) => `@countersign/testing.PendingRequest.${name}`,
  ),
  '@countersign/core.InputOf.__type.takes',
]

/** @throws Error for an export without a doc comment, or a link in a comment that leads nowhere */
export async function writeReference(root, folder) {
  const files = ENTRIES.map(sourceOf).filter((file) => existsSync(path.join(root, file)))
  const app = await Application.bootstrapWithPlugins({
    entryPoints: files.map((file) => path.join(root, file)),
    tsconfig: path.join(root, 'tools', 'site', 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    logLevel: 'Warn',
    skipErrorChecking: true, // `pnpm run types` checks them
    readme: 'none',
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    validation: { notExported: false, invalidLink: true, notDocumented: true },
    packagesRequiringDocumentation: ENTRIES.map((entry) => `@countersign/${entry}`),
    requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    intentionallyNotDocumented: NOT_DOCUMENTED,
    // the Markdown
    outputFileStrategy: 'modules',
    outputs: [{ name: 'markdown', path: folder }],
    entryFileName: 'index',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    useHTMLAnchors: true, // the names of headings can repeat
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
  })
  const project = await app.convert()
  if (!project) throw new Error('The sources do not compile')
  for (const module of project.children ?? []) {
    module.name = `@countersign/${module.name.replace('/src', '')}`
  }
  app.validate(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('The reference has mistakes, which are named above')
  }
  await app.generateOutputs(project)
}
