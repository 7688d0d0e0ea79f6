// How each test runner is asked for a report, and what the report says.
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const REPORT = 'report'
const reporter = new URL('node-reporter.mjs', import.meta.url).href

const RUNNERS = {
  jest: { flags: ['--json', `--outputFile=${REPORT}`], read: readJest },
  vitest: { flags: ['--reporter=json', `--outputFile=${REPORT}`], read: readJest },
  mocha: {
    flags: ['--reporter', 'json', '--reporter-option', `output=${REPORT}`],
    read: readMocha,
  },
  node: {
    flags: [`--test-reporter=${reporter}`, `--test-reporter-destination=${REPORT}`],
    read: readOurs,
  },
}

/**
 * @param manifest of an app: its script "test" begins with the runner
 * @returns the runner's name, and what runs the suite of an app's folder: `passed` counts tests,
 * `failed` names them, `output` is all that the runner printed
 */
export function runnerOf({ scripts }) {
  const [command] = scripts.test.split(' ')
  const { flags, read } = RUNNERS[command]
  return {
    name: command === 'node' ? 'node:test' : command,
    suite: (folder) => suite(folder, { flags, read }),
  }
}

async function suite(folder, { flags, read }) {
  const file = path.join(folder, REPORT)
  await rm(file, { force: true })
  const { code, output } = await settled(run('npm', ['test', '--', ...flags], { cwd: folder }))
  const report = await readFile(file, 'utf8').catch(() => {
    throw new Error(`The runner has written no report\n${output}`)
  })
  const { passed, failed, why } = read(report)
  if ((code === 0) !== (failed.length === 0)) {
    throw new Error(
      `${failed.length} tests have failed, and the runner ended with ${code}\n${output}`,
    )
  }
  return { passed, failed, output: `${output}\n${why}` }
}

async function settled(running) {
  const { code = 0, stdout, stderr } = await running.catch((error) => error)
  return { code, output: `${stdout}${stderr}` }
}

/** Vitest writes Jest's report. */
function readJest(report) {
  const { numPassedTests, testResults } = JSON.parse(report)
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed')
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: numPassedTests,
    failed: [...failed.map(({ title }) => title), ...broken.map(({ name }) => name)],
    why: [
      ...failed.flatMap(({ failureMessages }) => failureMessages ?? []),
      ...broken.map(({ message }) => message),
    ].join('\n'),
  }
}

function readMocha(report) {
  const { stats, failures, pending } = JSON.parse(report)
  return {
    passed: stats.passes,
    failed: [...failures, ...pending].map(({ title }) => title),
    why: failures.map(({ err }) => err.message).join('\n'),
  }
}

function readOurs(report) {
  const { passed, failed, why } = JSON.parse(report)
  return { passed, failed, why: why.join('\n') }
}
