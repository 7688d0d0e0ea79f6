import { build } from 'esbuild'
import type { RequestHandler } from 'express'
import { FOLDER } from '../settings'

/** `@countersign/client` as one module for the page. An app with a bundler imports it instead. */
export function clientScript(): RequestHandler {
  let script: Promise<string> | undefined
  return async (_req, res) => {
    res.type('js').send(await (script ??= bundle()))
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['@countersign/client'],
    absWorkingDir: FOLDER,
    conditions: ['@countersign/source'],
    bundle: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
