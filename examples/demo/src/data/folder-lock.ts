import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Makes sure that one process at a time uses a folder: two would ruin the database in it.
 * @throws Error with one clear line where another process has it
 */
export function folderLock(folder: string): { release(): void } {
  const file = `${folder}.lock`
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch {
    const owner = Number(readFileSync(file, 'utf8'))
    if (isRunning(owner)) {
      throw new Error(
        `The data in ${folder} is in use by process ${owner}. Set DATA_FOLDER to another folder, or delete ${file} if that process is not a demo.`,
      )
    }
    writeFileSync(file, String(process.pid))
  }
  return { release: () => rmSync(file, { force: true }) }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0) // asks whether it is there, and sends nothing
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
