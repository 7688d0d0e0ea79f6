import { FORMATS, type Format, type Theme } from '../formats'

/** The formats that lead to a board. */
export const BOARDS: readonly Format[] = FORMATS.filter(({ theme }) => theme !== 'harlyy')

export const SURVEY_PATH = '/harlyy/lantern/autumn'

/** The colours of a page. */
export function themeOf(path: string): Theme | null {
  return FORMATS.find(({ theme }) => path.startsWith(`/${theme}/`))?.theme ?? null
}
