import { parseArgs } from 'node:util'
import { benchHttp } from './http-bench'
import { reportHttp, reportMachine, reportRatios, reportVerification } from './report'
import { benchVerification } from './verify-bench'

const FULL = {
  verify: { warmUp: true, rounds: 15, time: 100, batch: 4096 },
  http: { together: false, rounds: 15, load: { duration: 1 } },
}
const QUICK = {
  verify: { warmUp: false, rounds: 1, time: 1, batch: 128 },
  http: { together: true, rounds: 1, load: { amount: 64 } },
}

async function main(): Promise<void> {
  const { quick, only } = readArguments()
  const settings = quick ? QUICK : FULL
  console.log(reportMachine())
  if (quick) console.log('Quick: this shows that everything runs. The figures mean nothing.')
  const verification = only === 'http' ? [] : await benchVerification(settings.verify)
  if (verification.length > 0) console.log(`\n${reportVerification(verification)}`)
  const http = only === 'verify' ? [] : await benchHttp(settings.http)
  if (http.length > 0) console.log(`\n${reportHttp(http)}`)
  console.log(`\n${reportRatios(verification, http)}`)
}

/** `--quick` shows in seconds that all works; `--only verify` and `--only http` run one half. */
function readArguments(): { quick: boolean; only: string | undefined } {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  })
  if (values.only === undefined || ['verify', 'http'].includes(values.only)) {
    return { quick: values.quick, only: values.only }
  }
  throw new Error('--only takes "verify" or "http"')
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
