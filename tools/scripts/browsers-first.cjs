const Sequencer = require('@jest/test-sequencer').default

/** Starts with the longest files, which Jest knows only when it has run them before: those with a browser. */
module.exports = class BrowsersFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests)
    const hasBrowser = ({ path }) => /[\\/](?:browser|debugger)\.test\.ts$/.test(path)
    return [...sorted.filter(hasBrowser), ...sorted.filter((test) => !hasBrowser(test))]
  }
}
