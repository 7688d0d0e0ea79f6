// In a file of its own, because the lockfile contains a checksum of this one.
const { beforePacking } = require('./tools/scripts/packed-manifest.cjs')

module.exports = { hooks: { beforePacking } }
