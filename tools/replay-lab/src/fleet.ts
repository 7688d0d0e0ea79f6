import type { App, AppOptions } from './app'
import { startChild } from './child'
import type { StorePlan } from './stores'

/** An application, in words that can be sent to its process. */
export interface AppPlan {
  readonly store: StorePlan
  readonly framework?: AppOptions['framework']
  readonly consume?: AppOptions['consume']
  readonly storeDeadline?: AppOptions['storeDeadline']
  /** How far its clock is ahead, in milliseconds. */
  readonly clockOffset?: number | undefined
  /** Its handler begins and never ends. */
  readonly hangs?: boolean | undefined
}

/** What an application's process is told. */
export type ToApp =
  { readonly plan: AppPlan } | { readonly clockOffset: number } | { readonly report: true }

/** What it tells. */
export type FromApp =
  { readonly port: number } | { readonly began: string } | { readonly clockOffset: number } | Report

interface Report {
  readonly successes: Readonly<Record<string, number>>
  readonly unhandled: number
}

/** An application with a process of its own. */
export interface ProcessApp extends App {
  /** Settles when a handler has begun that hangs. */
  began(): Promise<void>
  /** Sets its clock. @param offset how far it is ahead, in milliseconds */
  setClock(offset: number): Promise<void>
  /** Ends it as a crash does. */
  kill(): Promise<void>
}

/** Starts an application as a process. */
export async function forkApp(plan: AppPlan): Promise<ProcessApp> {
  const child = startChild<ToApp, FromApp>('app-process')
  const began = child.heard((message) => 'began' in message || undefined)
  began.catch(() => undefined) // most handlers do not hang
  const asked = child.heard((message) => ('port' in message ? message.port : undefined))
  child.tell({ plan })
  const port = await asked
  async function report(): Promise<Report> {
    if (child.isGone) return { successes: {}, unhandled: 0 }
    const answer = child.heard((message) => ('successes' in message ? message : undefined))
    child.tell({ report: true })
    return answer
  }
  return {
    port,
    successes: async () => (await report()).successes,
    unhandled: async () => (await report()).unhandled,
    began: async () => void (await began),
    async setClock(offset) {
      const set = child.heard((message) => 'clockOffset' in message || undefined)
      child.tell({ clockOffset: offset })
      await set
    },
    kill: () => child.end('SIGKILL'),
    close: () => child.end('SIGTERM'),
  }
}

export function forkApps(count: number, plan: AppPlan): Promise<readonly ProcessApp[]> {
  return Promise.all(Array.from({ length: count }, () => forkApp(plan)))
}
