#!/usr/bin/env node
import { run } from './cli'
import { processTerminal } from './terminal'

const warned = new Set<string>()
process.removeAllListeners('warning') // Node's own prints a line for each portal that `explain` tries
process.on('warning', (warning: Error & { readonly code?: string }) => {
  const { message, name, code = name } = warning
  if (!warned.has(code)) process.stderr.write(`${message}\n`)
  warned.add(code)
})

/** A reader such as `head` may have seen enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

void run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code
})
