import type { TokenCase } from './catalogue'
import type { Answer, Front, OpenFront } from './front'
import type { GeneratedCase } from './generate'
import {
  freshStore,
  optionsFor,
  portalsFor,
  settingOf,
  type FreshStore,
  type Setting,
} from './portals'

/** Sends cases to one front, on one server for each setting. */
export interface CatalogueRun {
  /** Sends a case with an empty replay store. Returns the answers to all its requests. */
  send(each: TokenCase | GeneratedCase): Promise<readonly Answer[]>
  close(): Promise<void>
}

interface Opened {
  readonly open: OpenFront
  readonly store: FreshStore
}

export function catalogueRun(front: Front): CatalogueRun {
  const opened = new Map<string, Promise<Opened>>()

  async function open(setting: Setting): Promise<Opened> {
    const store = freshStore()
    return { open: await front.open(portalsFor(setting), optionsFor(setting, store)), store }
  }

  return {
    async send(each) {
      const setting = 'setting' in each ? each.setting : settingOf(each)
      const name = JSON.stringify(setting)
      const opening = opened.get(name) ?? open(setting)
      opened.set(name, opening)
      const { open: server, store } = await opening
      store.renew()
      const answers: Answer[] = []
      for (const request of each.requests) answers.push(await server.send(request))
      return answers
    },
    async close() {
      for (const each of opened.values()) await (await each).open.close()
    },
  }
}
