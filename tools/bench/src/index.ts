import { parseArgs } from 'node:util'
import { benchHttp } from './http-bench'
import { benchReplay } from './replay-bench'
import { replayRatios, reportClaims, reportMemory } from './replay-report'
import { reportHttp, reportMachine, reportRatios, reportVerification } from './report'
import { benchVerification } from './verify-bench'

const FULL = {
  // long enough that V8, which starts anew on a collected heap, has optimized the code again
  verify: { warmUp: true, rounds: 9, time: 500, batch: 4096 },
  http: { together: false, rounds: 15, load: { duration: 1 } },
  replay: {
    sizes: [1_000, 10_000, 100_000, 1_000_000],
    operations: 100_000,
    rounds: 9,
    claims: { many: 10_000, one: 1_500 },
  },
}
const QUICK = {
  verify: { warmUp: false, rounds: 1, time: 1, batch: 128 },
  http: { together: true, rounds: 1, load: { amount: 64 } },
  replay: { sizes: [1_000, 2_000], operations: 1_000, rounds: 1, claims: { many: 256, one: 16 } },
}

async function main(): Promise<void> {
  const { quick, only } = readArguments()
  const settings = quick ? QUICK : FULL
  console.log(reportMachine())
  if (quick) console.log('Quick: this shows that everything runs. The figures mean nothing.')
  const wants = (part: string): boolean => only === undefined || only === part
  const verification = wants('verify') ? await benchVerification(settings.verify) : []
  if (verification.length > 0) console.log(`\n${reportVerification(verification)}`)
  const http = wants('http') ? await benchHttp(settings.http) : []
  if (http.length > 0) console.log(`\n${reportHttp(http)}`)
  const replay = wants('replay') ? await benchReplay(settings.replay) : undefined
  if (replay) console.log(`\n${reportClaims(replay)}\n\n${reportMemory(replay)}`)
  const more = replay ? replayRatios(replay) : []
  console.log(`\n${reportRatios(verification, http, more)}`)
}

const PARTS = ['verify', 'http', 'replay']

/** `--quick` shows in seconds that all works; `--only verify`, `http` or `replay` runs one part. */
function readArguments(): { quick: boolean; only: string | undefined } {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  })
  if (values.only === undefined || PARTS.includes(values.only)) {
    return { quick: values.quick, only: values.only }
  }
  throw new Error(`--only takes one of ${PARTS.join(', ')}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
