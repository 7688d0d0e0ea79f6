import { misuse } from './exit'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Seconds, from `90`, `90s`, `15m`, `2h` or `7d`. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? []
  if (number === undefined) throw misuse(`"${text}" is not a duration. Write 90s, 15m, 2h or 7d.`)
  return Math.floor(Number(number) * (UNITS[unit] as number)) // the pattern knows these units only
}
