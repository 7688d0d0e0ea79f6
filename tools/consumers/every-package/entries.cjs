const { readdirSync } = require('node:fs')

/** Every entry of every package of ours that is installed here, by the name that it is imported with. */
module.exports = readdirSync(`${__dirname}/node_modules/@countersign`).flatMap((name) => {
  const { exports: entries } = require(`@countersign/${name}/package.json`)
  return Object.entries(entries)
    .filter(([, conditions]) => typeof conditions === 'object')
    .map(([entry, conditions]) => ({
      specifier: entry.replace(/^\./, `@countersign/${name}`),
      module: require
        .resolve(`@countersign/${name}/package.json`)
        .replace('package.json', conditions.module),
    }))
})
