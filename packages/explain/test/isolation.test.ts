import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const packages = join(__dirname, '..', '..')
const ALLOWED = ['explain', 'countersign']

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifests = readdirSync(packages).flatMap(
  (folder): readonly (readonly [string, Manifest])[] => {
    try {
      return [
        [
          folder,
          JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as Manifest,
        ],
      ] // ours
    } catch {
      return []
    }
  },
)

async function sourcesOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    conditions: ['@countersign/source'],
    external: ['express', 'koa', 'hono', 'fastify'],
    logLevel: 'silent',
  })
  return Object.keys(metafile.inputs)
}

describe('explanations', () => {
  it('can be installed by no adapter, and depend on core alone', () => {
    const dependents = manifests
      .filter(
        ([, { dependencies, peerDependencies }]) =>
          '@countersign/explain' in { ...dependencies, ...peerDependencies },
      )
      .map(([folder]) => folder)
    expect(dependents.filter((folder) => !ALLOWED.includes(folder))).toEqual([])
    const own = manifests.find(([folder]) => folder === 'explain')?.[1]
    expect(Object.keys({ ...own?.dependencies, ...own?.peerDependencies })).toEqual([
      '@countersign/core',
    ])
  })

  it.each(manifests.map(([folder]) => folder).filter((folder) => !ALLOWED.includes(folder)))(
    'are not in a bundle of %s',
    async (folder) => {
      const sources = await sourcesOf(join(packages, folder, 'src', 'index.ts'))
      expect(sources.length).toBeGreaterThan(0)
      expect(sources.filter((source) => source.includes('packages/explain'))).toEqual([])
    },
  )

  it('are made with the public entry of core', async () => {
    const sources = await sourcesOf(join(packages, 'explain', 'src', 'index.ts'))
    expect(sources.some((source) => source.includes('packages/core/src/schemes'))).toBe(false)
  })
})
