import type { AddressInfo } from 'node:net'
import { createApp } from '../src/app'
import { openStores } from '../src/stores'
import { portal } from './visits'

/** Begins to save an answer, and never ends. A program of its own, to be killed. */
async function main(): Promise<void> {
  const { replayStore } = await openStores(process.env)
  const answers = {
    save() {
      console.log('saving')
      return new Promise<void>(() => undefined)
    },
    list: async () => [],
  }
  const app = createApp({ portal, replayStore, answers, lease: 2 })
  const server = app.listen(0, '127.0.0.1', () => {
    console.log(`on port ${(server.address() as AddressInfo).port}`) // it listens on a port
  })
}

void main()
