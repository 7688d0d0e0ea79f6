import { build } from 'esbuild'
import type { RequestHandler } from 'express'

/** `@countersign/client` as one module for the page. An app with a bundler imports it instead. */
export function clientScript(): RequestHandler {
  let script: Promise<string> | undefined
  return async (_req, res) => {
    res.type('js').send(await (script ??= bundle()))
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [require.resolve('@countersign/client')],
    bundle: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
