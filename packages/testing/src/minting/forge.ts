import { isUtf8 } from 'node:buffer'
import { LIMITS } from '@countersign/core'
import type { Encoding, JsonObject, Portal, SignedMessage, SigningInput } from '@countersign/core'
import { headerNames, headOf, isKnown, isMessage, isText, parameterOf } from './format'
import type { Material } from './material'
import { place, replyText } from './place'
import type { WireRequest } from './request'

/** The pieces of a credential of the form `[header.]payload.signature`. */
export interface Parts {
  /** A JWT header and its dot, or nothing. */
  readonly head: string
  readonly payload: string
  readonly signature: string
}

/** How a credential is made wrong: each member changes the result of one step of its making. */
export interface Change {
  claims?(claims: JsonObject, material: Material): JsonObject
  /** The JSON of the claims, or the body of a message. */
  json?(json: string, material: Material): string | Uint8Array
  /** Of text, before it is signed. */
  parts?(parts: Omit<Parts, 'signature'>): Partial<Parts>
  mac?(draft: Draft, material: Material): Buffer
  signature?(text: string, encoding: Encoding): string
  /** The claims that are sent with the signature of the first ones. */
  swapped?(claims: JsonObject, material: Material): JsonObject
  /** Parts of a message, after it was signed. */
  message?(message: SignedMessage): Partial<SignedMessage>
  /** The whole text, after it was signed. */
  text?(parts: Parts): string
  /** The query, made of the parameter's name and its value, which is not encoded yet. */
  query?(name: string, value: string): string
  request?(request: WireRequest, material: Material): WireRequest
}

/** What is to be signed, and what becomes of it. */
interface Draft {
  readonly input: SigningInput
  finish(signature: string): unknown
  readonly json?: string | Uint8Array
  readonly payload?: string
}

/** The portals whose credentials have a step; all have the others. */
const STEPS: Partial<Readonly<Record<keyof Change, (portal: Portal) => boolean>>> = {
  json: isKnown,
  parts: isText,
  signature: isKnown,
  message: isMessage,
  text: isText,
  query: (portal) => parameterOf(portal) !== undefined,
}

/** True where the portal's credentials have every step that is changed. */
export function canForge(portal: Portal, change: Change): boolean {
  return Object.entries(STEPS).every(([step, has]) => !(step in change) || has(portal))
}

/** Makes a credential with a change, and puts it on a request. */
export function forge(material: Material, change: Change): WireRequest {
  const { portal, key } = material
  const { codec } = portal.scheme
  const claims = change.claims?.(material.claims, material) ?? material.claims
  const draft = draftOf(material, change, claims)
  const mac = change.mac?.(draft, material) ?? key.hmac('sha256', draft.input)
  const right = codec.signature.encode(mac)
  const { finish } = change.swapped
    ? codec.seal(change.swapped(claims, material), portal.audience)
    : draft
  return sent(material, change, finish(change.signature?.(right, codec.signature) ?? right))
}

function draftOf(material: Material, change: Change, claims: JsonObject): Draft {
  const { portal } = material
  const { codec } = portal.scheme
  if (isMessage(portal)) return messageDraft(material, change, claims)
  if (!isText(portal) || !codec.payload) return codec.seal(claims, portal.audience)
  const plain = JSON.stringify(claims)
  const json = change.json?.(plain, material) ?? plain
  const bytes = Buffer.from(json as string) // or bytes
  const right = { head: headOf(portal), payload: codec.payload.encode(bytes) }
  const { head, payload } = { ...right, ...change.parts?.(right) }
  const text = change.text ?? joined
  return {
    input: [codec.signs === 'payload bytes' ? bytes : head + payload],
    finish: (signature) => text({ head, payload, signature }),
    json,
    payload,
  }
}

function messageDraft(material: Material, change: Change, claims: JsonObject): Draft {
  const { scheme, audience } = material.portal
  const plain = scheme.codec.seal(claims, audience).finish('') as SignedMessage // by its codec
  const text = Buffer.from(plain.body).toString('utf8')
  const json = change.json?.(text, material) ?? text
  const body = Buffer.from(json as string) // or bytes
  return {
    input: [plain.timestamp, '.', body],
    json,
    finish(signature) {
      const message = { ...plain, body, signature }
      return { ...message, ...change.message?.(message) }
    },
  }
}

function sent(material: Material, change: Change, credential: unknown): WireRequest {
  const { portal, options } = material
  const { method } = options
  if (change.query) {
    const names = headerNames(portal)
    const value = names ? replyText(names, credential as SignedMessage) : (credential as string) // by its codec
    const query = change.query(parameterOf(portal) ?? '', value)
    const usual = portal.scheme.singleUse?.when === 'always' ? 'POST' : 'GET'
    return { method: method ?? usual, query, headers: [] }
  }
  if (change.request) return change.request(place(portal, credential, { method }), material)
  const { body } = credential as Partial<SignedMessage> // text has none
  const isUnfit = body !== undefined && (!isUtf8(body) || body.length > LIMITS.body) // for the parameter
  const isUsual = change.message ?? isUnfit
  return place(portal, credential, isUsual ? { method } : options)
}

export function joined({ head, payload, signature }: Parts): string {
  return `${head}${payload}.${signature}`
}
