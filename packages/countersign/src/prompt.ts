import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Failure } from './failure'

/** Reads one line and shows none of it. */
export function askHidden(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // before the question: what is typed early must not be shown either
  const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  output.write(question)
  return new Promise((resolve, reject) => {
    reader.once('line', (line) => {
      resolve(line)
      reader.close()
    })
    reader.once('close', () => {
      output.write('\n')
      reject(new Failure('Cancelled')) // unless there was a line
    })
  })
}

/** What is pasted arrives at once: it is complete where nothing follows for this time, in milliseconds. */
const PAUSE = 200

/** Reads up to the end or, from a terminal, what is pasted, up to Enter. */
export function readText(input: NodeJS.ReadStream): Promise<string> {
  input.setEncoding('utf8')
  let text = ''
  let timer: NodeJS.Timeout | undefined
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      input.off('data', read)
      input.off('end', end)
      input.pause()
      resolve(text)
    }
    const read = (chunk: string): void => {
      text += chunk
      clearTimeout(timer)
      const isLine = text.trim() !== '' && text.endsWith('\n') && !text.endsWith('\\\n')
      if (input.isTTY && isLine) timer = setTimeout(end, PAUSE)
    }
    input.on('data', read)
    input.on('end', end)
    input.resume() // the question for a secret has paused it
  })
}
