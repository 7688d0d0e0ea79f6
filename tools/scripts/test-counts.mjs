// Prints the counts of a run in one line: `node tools/scripts/test-counts.mjs <Jest's JSON output>
// <failures of other steps>`.
import { existsSync } from 'node:fs'
import { readJson } from './workspace.mjs'

const [file = '', others = '0'] = process.argv.slice(2)
// a run that left no report did not pass
const report = existsSync(file)
  ? readJson(file)
  : { numPassedTests: 0, numRuntimeErrorTestSuites: 1 }
const { numPassedTests: passed, numFailedTests = 0, numRuntimeErrorTestSuites: broken = 0 } = report
const failed = numFailedTests + broken + Number(others)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
