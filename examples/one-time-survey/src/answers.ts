import type { Pool } from 'pg'

export interface Answer {
  /** 1 to 5. */
  readonly rating: number
  readonly remark: string
}

/** Replace this with your own database. */
export interface Answers {
  /**
   * If the process dies after the answer is saved and before the link is used up, the link works once
   * more. So a second answer with the same link replaces the first.
   * @param link the link's nonce
   */
  save(link: string, answer: Answer): Promise<void>
  list(): Promise<readonly Answer[]>
}

export function memoryAnswers(): Answers {
  const answers = new Map<string, Answer>()
  return {
    save: async (link, answer) => void answers.set(link, answer),
    list: async () => [...answers.values()],
  }
}

export async function postgresAnswers(pool: Pool): Promise<Answers> {
  await pool.query(`CREATE TABLE IF NOT EXISTS survey_answer (
    link   text PRIMARY KEY,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    remark text NOT NULL
  )`)
  return {
    async save(link, { rating, remark }) {
      await pool.query(
        `INSERT INTO survey_answer (link, rating, remark) VALUES ($1, $2, $3)
         ON CONFLICT (link) DO UPDATE SET rating = excluded.rating, remark = excluded.remark`,
        [link, rating, remark],
      )
    },
    async list() {
      const { rows } = await pool.query<Answer>('SELECT rating, remark FROM survey_answer')
      return rows
    },
  }
}
