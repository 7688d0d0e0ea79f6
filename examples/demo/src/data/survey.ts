import type { Query } from './database'

export interface Answer {
  /** 1 to 5. */
  readonly rating: number
  readonly remark: string
}

export async function saveAnswer(query: Query, { rating, remark }: Answer): Promise<void> {
  await query('insert into answers (rating, remark) values ($1, $2)', [rating, remark])
}
