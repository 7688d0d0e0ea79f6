import type { AddressInfo } from 'node:net'
import { createApp } from './app'
import { openStores } from './stores'
import { surveyPortal } from './survey'

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const portal = surveyPortal(env)
  const { close, ...stores } = await openStores(env)
  const server = createApp({ portal, ...stores }).listen(Number(env['PORT'] || 3000), (error) => {
    if (error) throw error
    const { port } = server.address() as AddressInfo // it listens on a port
    console.log(`The survey is open on port ${port}. Links to it: pnpm links 3`)
  })
  // answers that are being saved are finished, and their links used up, before the stores close
  const stop = (): unknown => server.close(() => void close())
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

main(process.env).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
