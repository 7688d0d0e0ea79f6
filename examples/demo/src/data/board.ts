import type { Query } from './database'

export interface Comment {
  readonly id: number
  readonly author: string
  readonly body: string
}

export interface FeatureRequest {
  readonly id: number
  readonly title: string
  readonly detail: string
  readonly author: string
  readonly votes: number
  /** Whether the visitor voted for it. */
  readonly voted: boolean
  readonly comments: readonly Comment[]
}

/** The feature requests of one board. */
export interface Board {
  /** @param voter who looks, `null` for a visitor */
  list(voter: string | null): Promise<readonly FeatureRequest[]>
  /** @returns whether it counted; `null` where the board has no such request */
  vote(request: number, voter: string): Promise<boolean | null>
  suggest(idea: Idea): Promise<void>
  /** @returns false where the board has no such request */
  comment(request: number, author: string, body: string): Promise<boolean>
}

export interface Idea {
  readonly title: string
  readonly detail: string
  readonly author: string
  /** Who suggests also votes. */
  readonly voter: string
}

export function boardIn(query: Query, board: string): Board {
  async function has(request: number): Promise<boolean> {
    const { rows } = await query(HAS, [request, board])
    return rows.length === 1
  }

  return {
    async list(voter) {
      const { rows } = await query<FeatureRequest>(LIST, [board, voter])
      return rows
    },
    async vote(request, voter) {
      if (!(await has(request))) return null
      const { rows } = await query(VOTE, [request, voter])
      return rows.length === 1
    },
    async suggest({ title, detail, author, voter }) {
      await query(SUGGEST, [board, title, detail, author, voter])
    },
    async comment(request, author, body) {
      if (!(await has(request))) return false
      await query(COMMENT, [request, author, body])
      return true
    },
  }
}

const HAS = 'select 1 from requests where id = $1 and board = $2'

const VOTE = `
  insert into votes (request_id, voter) values ($1, $2) on conflict do nothing returning voter`

const SUGGEST = `
  with added as (
    insert into requests (board, title, detail, author) values ($1, $2, $3, $4) returning id
  )
  insert into votes (request_id, voter) select id, $5 from added`

const COMMENT = 'insert into comments (request_id, author, body) values ($1, $2, $3)'

const LIST = `
  select r.id, r.title, r.detail, r.author,
    (select count(*)::integer from votes v where v.request_id = r.id) as votes,
    exists (select 1 from votes v where v.request_id = r.id and v.voter = $2) as voted,
    coalesce(
      (select json_agg(json_build_object('id', c.id, 'author', c.author, 'body', c.body) order by c.id)
       from comments c where c.request_id = r.id),
      '[]'
    ) as comments
  from requests r
  where r.board = $1
  order by votes desc, r.id`
