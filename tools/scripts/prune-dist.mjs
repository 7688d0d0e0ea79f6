// After the compiler: removes from every `dist` what no source stands behind any more, so that
// nothing of an earlier build is run or published.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { packages } from './workspace.mjs'

for (const { folder } of packages()) {
  const dist = path.join(folder, 'dist')
  if (!existsSync(dist)) continue
  for (const file of readdirSync(dist, { recursive: true })) {
    const stem = /^(.*?)(?:\.d)?\.m?[jt]s(?:\.map)?$/.exec(file)?.[1]
    if (stem && !existsSync(path.join(folder, 'src', `${stem}.ts`))) rmSync(path.join(dist, file))
  }
}
