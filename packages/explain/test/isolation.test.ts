import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const packages = join(__dirname, '..', '..')

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

const entries = manifests.map(([folder]) =>
  join(packages, folder, 'src', folder === 'countersign' ? 'main.ts' : 'index.ts'),
)

/** The sources in a bundle of each package, by its folder. */
async function bundledSources(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: entries.filter((entry) => existsSync(entry)),
    bundle: true,
    write: false,
    outdir: 'out',
    metafile: true,
    platform: 'node',
    conditions: ['@countersign/source'],
    external: ['express', 'koa', 'hono', 'fastify'],
    logLevel: 'silent',
  })
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = '', inputs }) => {
      return [entryPoint.split('/').at(-3) ?? '', Object.keys(inputs)]
    }),
  )
}

describe('explanations', () => {
  it('can be installed by no adapter, and depend on core alone', () => {
    const dependents = manifests
      .filter(
        ([, { dependencies, peerDependencies }]) =>
          '@countersign/explain' in { ...dependencies, ...peerDependencies },
      )
      .map(([folder]) => folder)
    expect(dependents).toEqual([])
    const own = manifests.find(([folder]) => folder === 'explain')?.[1]
    expect(Object.keys({ ...own?.dependencies, ...own?.peerDependencies })).toEqual([
      '@countersign/core',
    ])
  })

  it('are bundled by the command line alone, and with the main entry of core', async () => {
    const bundles = await bundledSources()
    const containing = (path: string) =>
      [...bundles].filter(([, sources]) => sources.some((each) => each.includes(path)))
    const names = containing('packages/explain/src').map(([folder]) => folder)
    expect(names.toSorted()).toEqual(['countersign', 'explain'])
    const withSchemes = containing('packages/core/src/schemes').map(([folder]) => folder)
    expect(withSchemes).not.toContain('explain')
    expect(bundles.size).toBeGreaterThan(10)
  })
})
