import type { Request } from 'express'

/**
 * What a form says in a field, as text that the database can hold and a page can show.
 * @param limit characters
 * @returns '' for a field that is not there, or there twice
 */
export function textField(req: Request, name: string, limit: number): string {
  const sent: unknown = req.body?.[name]
  if (typeof sent !== 'string') return ''
  const lines = sent.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, '')
  return [...lines.trim()].slice(0, limit).join('')
}
