import { Failure } from './failure'

const ENTER = ['\r', '\n']
/** Ctrl-C and Ctrl-D. */
const CANCEL = ['\u0003', '\u0004']
const ERASE = ['\u007f', '\b']

/** Reads one line and shows none of it. */
export function askHidden(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<string> {
  input.setRawMode(true) // before the question: what is typed early must not be shown either
  output.write(question)
  input.setEncoding('utf8')
  input.resume()
  let typed = ''
  return new Promise((resolve, reject) => {
    const end = (): void => {
      input.off('data', read)
      input.setRawMode(false)
      input.pause()
      output.write('\n')
    }
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (ENTER.includes(character)) {
          end()
          return resolve(typed)
        }
        if (CANCEL.includes(character)) {
          end()
          return reject(new Failure('Cancelled'))
        }
        typed = ERASE.includes(character) ? typed.slice(0, -1) : typed + character
      }
    }
    input.on('data', read)
  })
}

/** What is pasted arrives at once: it is complete where nothing follows for this time, in milliseconds. */
const PAUSE = 200

/** Reads what is pasted into a terminal, up to Enter. */
export function readPasted(input: NodeJS.ReadStream): Promise<string> {
  input.setEncoding('utf8')
  input.resume()
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
      if (text.trim() !== '' && text.endsWith('\n') && !text.endsWith('\\\n'))
        timer = setTimeout(end, PAUSE)
    }
    input.on('data', read)
    input.on('end', end)
  })
}
