import { base64, base64url } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import {
  claimsAlone,
  otherJson,
  respellings,
  right,
  wrong,
  type Input,
  type WrongInput,
} from './input'

/** What may have been signed of a message: a timestamp and a body. */
export function messageInputs(apart: Apart, context: Context): readonly Input[] {
  const { payload } = apart
  const time = apart.timestamp?.text ?? ''
  const body = Buffer.from(apart.bytes ?? [])
  const text = body.toString('utf8')
  const instead = (bytes: Buffer, problem: Found): Input => ({
    bytes: Buffer.concat([Buffer.from(`${time}.`), bytes]),
    found: [problem],
  })
  return [
    right(Buffer.concat([Buffer.from(`${time}.`), body])),
    ...wrong([...mistakes(time, text, apart), ...claimsAlone(apart, context)], apart, context),
    ...changes(text).map(([other, sent]) =>
      instead(Buffer.from(other), found('body-changed', payload.range, { sent })),
    ),
    ...replacedBytes(body).map((bytes) =>
      instead(bytes, found('replacement-character', payload.find(/\uFFFD/))),
    ),
    ...respellings(body, context).map((spelling) =>
      instead(Buffer.from(spelling.text), otherJson(spelling, payload.range, body.length)),
    ),
  ]
}

function mistakes(time: string, text: string, { tenant }: Apart): readonly WrongInput[] {
  const id = tenant?.text ?? ''
  const body = Buffer.from(text, 'utf8')
  return [
    ...['.', ':', ''].map((each): WrongInput => [
      'signed-too-much',
      id + each + time + each + text,
      WITH_ID,
    ]),
    ['signed-too-much', `${id}.${text}`, { sent: 'the id of the workspace, and not the time' }],
    ['signed-part', text, { sent: 'the body' }],
    ['signed-part', time, { sent: 'the timestamp' }],
    ...SEPARATORS.map(([each, sent]): WrongInput => [
      'signed-separator',
      time + each + text,
      { sent },
    ]),
    ...['.', '', ':'].map((each): WrongInput => [
      'signed-order',
      text + each + time,
      { sent: 'the body first' },
    ]),
    ...otherTimes(time).map(([other, sent]): WrongInput => [
      'signed-other-time',
      `${other}.${text}`,
      { sent },
    ]),
    ['signed-text', `${time}.${base64.encode(body)}`],
    ['signed-text', `${time}.${base64url.encode(body)}`],
    ['signed-line-break', `${time}.${text}\n`],
    ['signed-quoted', `${time}.${JSON.stringify(text)}`],
    ['signed-quoted', JSON.stringify(`${time}.${text}`)],
    ['signed-quoted', JSON.stringify({ timestamp: time, body: text })],
  ]
}

const WITH_ID = { sent: 'the id of the workspace as well' }

const SEPARATORS = [
  ['', 'nothing'],
  [':', '":"'],
  ['\n', 'a line break'],
  ['|', '"|"'],
  ['-', '"-"'],
  [' ', 'a space'],
  [',', '","'],
] as const

function otherTimes(time: string): readonly (readonly [text: string, unit: string])[] {
  if (!/^\d{9,16}$/.test(time)) return []
  const number = Number(time)
  const inSeconds = number < 1e11
  return [
    [String(Math.floor(number / 1000)), 'seconds'],
    [(number / 1000).toFixed(3), 'seconds'],
    [String(number * 1000), 'milliseconds'],
    [new Date(inSeconds ? number * 1000 : number).toISOString(), 'ISO 8601'],
  ]
}

/** What was there before something was added to the body, or taken from it, on the way. */
function changes(text: string): readonly (readonly [signed: string, change: string])[] {
  return [
    [text.trim(), 'white space was added around it'],
    [`${text}\n`, 'a line break at its end was removed'],
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
