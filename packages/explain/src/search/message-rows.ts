import { base64, base64url } from '@countersign/core'
import type { Apart } from '../apart/apart'
import type { CauseId } from '../causes'

/** Something that was signed by mistake, and what the sentence says of it. */
export type Row = readonly [id: CauseId, input: string | Uint8Array, sent?: string]

const SEPARATORS = [
  ['', 'nothing'],
  [':', '":"'],
  ['\n', 'a line break'],
  ['|', '"|"'],
  ['-', '"-"'],
  [' ', 'a space'],
  [',', '","'],
] as const

/** For a message: a timestamp and a body. */
export function messageRows({ tenant, timestamp, bytes }: Apart): readonly Row[] {
  const [id, time] = [tenant?.text ?? '', timestamp?.text ?? '']
  const body = Buffer.from(bytes ?? [])
  const text = body.toString('utf8')
  const after = (each: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${time}.`), Buffer.from(each as string)]) // or bytes
  return [
    ...['.', ':', ''].map((each): Row => [
      'signed-too-much',
      id + each + time + each + text,
      'the id as well',
    ]),
    ['signed-too-much', `${id}.${text}`, 'the id, and not the time'],
    ['signed-part', text, 'the body'],
    ['signed-part', time, 'the timestamp'],
    ...SEPARATORS.map(([each, sent]): Row => ['signed-separator', time + each + text, sent]),
    ...['.', '', ':'].map((each): Row => ['signed-order', text + each + time, 'the body first']),
    ...otherTimes(time).map(([other, sent]): Row => [
      'signed-other-time',
      `${other}.${text}`,
      sent,
    ]),
    ['signed-text', `${time}.${base64.encode(body)}`],
    ['signed-text', `${time}.${base64url.encode(body)}`],
    ['signed-line-break', after(`${text}\n`)],
    ['signed-quoted', after(JSON.stringify(text))],
    ['signed-quoted', JSON.stringify(`${time}.${text}`)],
    ['signed-quoted', JSON.stringify({ timestamp: time, body: text })],
    ...changes(text).map(([other, sent]): Row => ['body-changed', after(other), sent]),
    ...replacedBytes(body).map((each): Row => ['replacement-character', after(each)]),
  ]
}

function otherTimes(time: string): readonly (readonly [text: string, unit: string])[] {
  if (!/^\d{9,16}$/.test(time)) return []
  const number = Number(time)
  return [
    [String(Math.floor(number / 1000)), 'seconds'],
    [(number / 1000).toFixed(3), 'seconds'],
    [String(number * 1000), 'milliseconds'],
    [new Date(number < 1e11 ? number * 1000 : number).toISOString(), 'ISO 8601'],
  ]
}

/** What was there before something was added to the body, or taken from it, on the way. */
function changes(text: string): readonly (readonly [signed: string, change: string])[] {
  return [
    [text.trim(), 'white space was added around it'],
    [`${text}\r\n`, 'a line break at its end was removed'],
    [text.replace(/^\uFEFF/, ''), 'a byte order mark was added'],
    [text.replaceAll('\r\n', '\n'), 'its line breaks were changed'],
    [text.replaceAll('\n', '\r\n'), 'its line breaks were changed'],
    [Buffer.from(text, 'latin1').toString('utf8'), 'its characters were encoded as UTF-8 twice'],
  ]
}

/** The bytes that one replacement character may stand for. */
function replacedBytes(body: Buffer): readonly Buffer[] {
  const mark = Buffer.from('\uFFFD')
  const at = body.indexOf(mark)
  if (at === -1 || body.indexOf(mark, at + 1) !== -1) return []
  const [start, end] = [body.subarray(0, at), body.subarray(at + mark.length)]
  return Array.from({ length: 128 }, (_, index) =>
    Buffer.concat([start, Buffer.from([index + 128]), end]),
  )
}
