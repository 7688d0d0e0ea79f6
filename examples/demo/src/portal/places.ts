import { FORMATS, type Format, type Theme } from '../formats'

/** The formats that lead to a board. */
export const BOARDS: readonly Format[] = FORMATS.filter(({ theme }) => theme !== 'harlyy')

export const SURVEY_PATH = '/harlyy/lantern/autumn'
export const FDBACK_LOGIN_PATH = '/fdback/api/auth/sdk-login'

/** The colours of a page. */
export function themeOf(path: string): Theme | null {
  return FORMATS.find(({ theme }) => path.startsWith(`/${theme}/`))?.theme ?? null
}
