// The manifest that a package is packed with.
const root = require('../../package.json')

const LINKS = ['repository', 'homepage', 'bugs']

/** pnpm calls this for `pack` and `publish`. The pack check sets COUNTERSIGN_TRIAL_PACK=1. */
exports.beforePacking = (manifest) =>
  packedManifest(manifest, { ...root, isTrial: process.env.COUNTERSIGN_TRIAL_PACK === '1' })

/**
 * Adds what all packages have in common, and removes the way to the sources, which only this workspace
 * uses.
 * @throws where the common links are not set and this is not a trial
 */
exports.packedManifest = packedManifest

function packedManifest(manifest, { engines, isTrial = false, ...links }) {
  const unset = LINKS.filter((name) => !links[name])
  if (unset.length > 0 && !isTrial) {
    throw new Error(`Set ${unset.join(', ')} in the package.json of the root before a release.`)
  }
  const { repository, homepage, bugs } = links
  const directory = `packages/${manifest.name.replace('@countersign/', '')}`
  const source = repository && { ...repository, directory }
  const exported = withoutSources(manifest.exports)
  return { ...manifest, engines, repository: source, homepage, bugs, exports: exported }
}

function withoutSources(exported) {
  return Object.fromEntries(
    Object.entries(exported).map(([entry, target]) => {
      if (typeof target === 'string') return [entry, target]
      const { '@countersign/source': _, ...conditions } = target
      return [entry, conditions]
    }),
  )
}
