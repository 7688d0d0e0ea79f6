// In a file of its own, because the lockfile contains a checksum of this one.
module.exports = { hooks: { beforePacking: require('./tools/scripts/packed-manifest.cjs') } }
