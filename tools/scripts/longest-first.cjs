const Sequencer = require('@jest/test-sequencer').default

/** Starts with the longest files, which Jest knows only when it has run them before. */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests)
    const isLong = ({ path }) => /[\\/](?:browser|database|debugger|tokens)\.test\.ts$/.test(path)
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))]
  }
}
