import type { Apart } from '../apart/apart'
import type { Context } from '../context'
import type { Input } from './input'
import { messageInputs } from './message-inputs'
import { textInputs } from './text-inputs'

/** Everything that may have been signed, each once, what is right first. */
export function inputsOf(apart: Apart, context: Context): readonly Input[] {
  const isMessage = context.portal.scheme.codec.signs === 'timestamp and body'
  const known = new Set<string>()
  return (isMessage ? messageInputs : textInputs)(apart, context).filter(({ bytes }) => {
    const text = bytes.toString('latin1')
    return known.has(text) ? false : known.add(text)
  })
}
