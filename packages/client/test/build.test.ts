import { gzipSync } from 'node:zlib'
import { embedPortal, openPortal, PortalError, signIn } from '@countersign/client'
import { script } from './script'

it('is smaller than 2 kB as a script, compressed', () => {
  expect(gzipSync(script(), { level: 9 }).length).toBeLessThan(2000)
})

it('can be imported on a server, where nothing happens', () => {
  expect(
    [embedPortal, openPortal, signIn, PortalError].every((each) => typeof each === 'function'),
  ).toBe(true)
  expect('window' in globalThis).toBe(false)
})
