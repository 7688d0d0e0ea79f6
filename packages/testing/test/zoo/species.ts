import type { ConformanceCase } from '@countersign/testing'
import type { RequestListener } from 'node:http'
import { portals } from '../mutations/portals'

/** An app with one fault that apps have. */
export interface Species {
  /** Finishes the sentence "an app …". */
  readonly name: string
  open(): RequestListener
  cases(): readonly ConformanceCase[]
  /** The case that must find the fault. */
  readonly caughtBy: string
  /** What the finding must say. */
  readonly means: RegExp
  /** Other cases that must fail as well; all others pass. `any` where the fault touches everything. */
  readonly also: readonly string[] | 'any'
}

export const ROUTE = '/vote'

/** One portal for each way that credentials travel. */
export const { seggwat: links, harlyy: surveys, fdback: messages } = portals
