// The manifest that a package is packed with. pnpm calls this for `pack` and `publish`.
const root = require('../../package.json')

const LINKS = ['repository', 'homepage', 'bugs']

/**
 * Adds what all packages have in common, from the manifest of the root, and removes the entry to the
 * sources, which only this workspace uses.
 * @throws where the root does not name the repository, because a release without it cannot be
 * corrected. A trial, as in the pack check, sets COUNTERSIGN_TRIAL_PACK=1.
 */
module.exports = function packedManifest(manifest, { engines, ...links } = root) {
  const unset = LINKS.filter((name) => !links[name])
  if (unset.length > 0 && process.env.COUNTERSIGN_TRIAL_PACK !== '1') {
    throw new Error(`Set ${unset.join(', ')} in the package.json of the root before you release.`)
  }
  const shared = Object.fromEntries(LINKS.map((name) => [name, links[name]]))
  const directory = `packages/${manifest.name.replace('@countersign/', '')}`
  if (links.repository) shared.repository = { ...links.repository, directory }
  return { ...manifest, ...shared, engines, exports: withoutSources(manifest.exports) }
}

function withoutSources(exported) {
  return Object.fromEntries(
    Object.entries(exported).map(([entry, { '@countersign/source': _, ...conditions }]) => [
      entry,
      typeof exported[entry] === 'string' ? exported[entry] : conditions,
    ]),
  )
}
