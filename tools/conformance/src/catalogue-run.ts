import type { TokenCase } from './catalogue'
import type { Answer, Front, OpenFront } from './front'
import { cataloguePortal, freshStore, settingOf, settingOptions, type FreshStore } from './portals'

/** Sends cases of the catalogue to one front, on one server for each setting. */
export interface CatalogueRun {
  /** Sends a case with an empty replay store. Returns the answers to all its requests. */
  send(tokenCase: TokenCase): Promise<readonly Answer[]>
  close(): Promise<void>
}

interface Opened {
  readonly open: OpenFront
  readonly store: FreshStore
}

export function catalogueRun(front: Front): CatalogueRun {
  const opened = new Map<string, Promise<Opened>>()

  function openedFor(tokenCase: TokenCase): Promise<Opened> {
    const setting = settingOf(tokenCase)
    const name = JSON.stringify(setting)
    const known = opened.get(name)
    if (known) return known
    const store = freshStore()
    const options = settingOptions(setting, store)
    const opening = front
      .open(cataloguePortal(setting.scheme), options)
      .then((open) => ({ open, store }))
    opened.set(name, opening)
    return opening
  }

  return {
    async send(tokenCase) {
      const { open, store } = await openedFor(tokenCase)
      store.renew()
      const answers: Answer[] = []
      for (const request of tokenCase.requests) answers.push(await open.send(request))
      return answers
    },
    async close() {
      for (const each of opened.values()) await (await each).open.close()
    },
  }
}
