import type { TokenCase } from './catalogue'
import type { Answer, Front, OpenFront } from './front'
import { cataloguePortal, freshStore, settingOf, settingOptions, type FreshStore } from './portals'

/** Sends cases of the catalogue to one front, on one server for each setting. */
export interface CatalogueRun {
  /** Sends a case against a fresh store; the answers to all its requests. */
  send(tokenCase: TokenCase): Promise<readonly Answer[]>
  readonly parts: readonly object[]
  close(): Promise<void>
}

interface Desk {
  readonly open: OpenFront
  readonly store: FreshStore
}

export function catalogueRun(front: Front): CatalogueRun {
  const desks = new Map<string, Promise<Desk>>()

  function deskFor(tokenCase: TokenCase): Promise<Desk> {
    const setting = settingOf(tokenCase)
    const name = JSON.stringify(setting)
    const desk = desks.get(name) ?? openDesk(front, tokenCase)
    desks.set(name, desk)
    return desk
  }

  const parts: object[] = []
  return {
    parts,
    async send(tokenCase) {
      const { open, store } = await deskFor(tokenCase)
      for (const part of open.parts) if (!parts.includes(part)) parts.push(part)
      store.renew()
      const answers: Answer[] = []
      for (const request of tokenCase.requests) answers.push(await open.send(request))
      return answers
    },
    async close() {
      for (const desk of desks.values()) await (await desk).open.close()
    },
  }
}

async function openDesk(front: Front, tokenCase: TokenCase): Promise<Desk> {
  const setting = settingOf(tokenCase)
  const store = freshStore()
  const portal = cataloguePortal(setting.scheme)
  return { open: await front.open(portal, settingOptions(setting, store)), store }
}
