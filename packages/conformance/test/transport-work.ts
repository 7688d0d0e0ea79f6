import { hmacSha256, hs256 } from '@countersign/core'

/** What was done with a credential, by how often. */
export interface Work {
  /** base64 or hex decoded. */
  readonly decoded: number
  readonly parsed: number
  /** Signatures computed. */
  readonly signed: number
}

export const NO_WORK: Work = { decoded: 0, parsed: 0, signed: 0 }

/** Counts the expensive steps while `work` runs: what a hostile request can make a server do. */
export async function counting<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly did: Work }> {
  const decode = jest.spyOn(Buffer, 'from')
  const parse = jest.spyOn(JSON, 'parse')
  const signs = [jest.spyOn(hmacSha256, 'verify'), jest.spyOn(hs256, 'verify')]
  try {
    const result = await work()
    const calls = decode.mock.calls as readonly (readonly unknown[])[]
    const did = {
      decoded: calls.filter(([, encoding]) => /base64|hex/.test(String(encoding))).length,
      parsed: parse.mock.calls.length,
      signed: signs.reduce((all, { mock }) => all + mock.calls.length, 0),
    }
    return { result, did }
  } finally {
    for (const spy of [decode, parse, ...signs]) spy.mockRestore()
  }
}
