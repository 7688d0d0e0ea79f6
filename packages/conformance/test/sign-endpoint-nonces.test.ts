import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

const WORKERS = 8
const EACH = 2_500

/** Signs links in a thread of its own, from the sources, and posts their nonces. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads')
const { createRequire } = require('node:module')
const load = createRequire(workerData.from)
const { createSigner } = load('@countersign/core')
const { harlyy } = load('@countersign/schemes')
const secret = 'worker-secret-0123456789abcdef-0123'
const signer = createSigner(harlyy({ secret, businessId: 'b', surveyId: 's' }))
const nonceOf = ({ token }) => JSON.parse(Buffer.from(token.split('.')[0], 'base64')).nonce
Promise.all(Array.from({ length: workerData.count }, () => signer.sign({}).then(nonceOf)))
  .then((nonces) => parentPort.postMessage(nonces))
`

function nonces(count: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(SCRIPT, {
      eval: true,
      workerData: { from: join(__dirname, 'package.json'), count },
      execArgv: [
        '--conditions=@countersign/source',
        `--require=${require.resolve('esbuild-register')}`,
      ],
    })
    // The compiler in it would keep the thread, and so the whole run, alive.
    worker.once('message', (list) => void worker.terminate().then(() => resolve(list), reject))
    worker.once('error', reject)
  })
}

describe('the nonces of Harlyy links', () => {
  it(`SE-32 never meet: ${WORKERS * EACH} from ${WORKERS} threads, each random`, async () => {
    const lists = await Promise.all(Array.from({ length: WORKERS }, () => nonces(EACH)))
    const all = lists.flat()
    expect(all).toHaveLength(WORKERS * EACH)
    expect(new Set(all).size).toBe(WORKERS * EACH)
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(all.filter((nonce) => !uuid.test(nonce))).toEqual([])
  })
})
