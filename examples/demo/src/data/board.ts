import type { Query } from './database'

export interface FeatureRequest {
  readonly id: number
  readonly title: string
  readonly detail: string
  readonly author: string
  readonly votes: number
  /** Whether the visitor voted for it. */
  readonly voted: boolean
  readonly comments: readonly { readonly author: string; readonly body: string }[]
}

export interface Idea {
  readonly title: string
  readonly detail: string
  readonly author: string
  /** Who suggests also votes. */
  readonly voter: string
}

/** The feature requests of one board. */
export interface Board {
  /** @param voter who looks, `null` for a visitor */
  list(voter: string | null): Promise<readonly FeatureRequest[]>
  has(request: number): Promise<boolean>
  /** @returns whether it counted: each voter has one vote */
  vote(request: number, voter: string): Promise<boolean>
  suggest(idea: Idea): Promise<void>
  comment(request: number, author: string, body: string): Promise<void>
}

export function boardIn(query: Query, board: string): Board {
  return {
    async list(voter) {
      const { rows } = await query<FeatureRequest>(LIST, [board, voter])
      return rows
    },
    async has(request) {
      const { rows } = await query(HAS, [request, board])
      return rows.length === 1
    },
    async vote(request, voter) {
      const { rows } = await query(VOTE, [request, voter])
      return rows.length === 1
    },
    async suggest({ title, detail, author, voter }) {
      await query(SUGGEST, [board, title, detail, author, voter])
    },
    async comment(request, author, body) {
      await query(COMMENT, [request, author, body])
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
      (select json_agg(json_build_object('author', c.author, 'body', c.body) order by c.id)
       from comments c where c.request_id = r.id),
      '[]'
    ) as comments
  from requests r
  where r.board = $1
  order by votes desc, r.id`
