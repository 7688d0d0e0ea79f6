// Runs outside Jest: makes a memory store in this process and in a worker of its cluster, and prints
// the codes of the warnings of both as one line of JSON.
import cluster from 'node:cluster'
import { memoryReplayStore } from '@countersign/core'

const codes: string[] = []
process.removeAllListeners('warning')
process.on('warning', (warning) => codes.push(String(Reflect.get(warning, 'code'))))
memoryReplayStore()

// a warning is emitted a tick after it was made
setImmediate(() => (cluster.isPrimary ? askWorker() : void process.send?.(codes)))

function askWorker(): void {
  const worker = cluster.fork()
  worker.once('message', (ofWorker: readonly string[]) => {
    console.log(JSON.stringify({ primary: codes, worker: ofWorker }))
    worker.disconnect()
  })
}
