import { html, type Html } from './html'

/** The one way in which the demo writes a time: `26 Nov 2026, 11:26:54 UTC`. */
export function timeText(ms: number): string {
  const style = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' } as const
  return `${new Date(ms).toLocaleString('en-GB', style)} UTC`
}

export function time(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}">${timeText(ms)}</time>`
}
