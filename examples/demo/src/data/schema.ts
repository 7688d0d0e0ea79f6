import { postgresReplayStore } from '@countersign/store-postgres'
import { BOARDS } from '../formats'
import type { Query } from './database'

const TABLES = [
  `create table if not exists requests (
     id integer generated always as identity primary key,
     board text not null,
     title text not null,
     detail text not null,
     author text not null
   )`,
  `create table if not exists votes (
     request_id integer not null references requests (id) on delete cascade,
     voter text not null,
     primary key (request_id, voter)
   )`,
  `create table if not exists comments (
     id integer generated always as identity primary key,
     request_id integer not null references requests (id) on delete cascade,
     author text not null,
     body text not null
   )`,
  `create table if not exists answers (
     id integer generated always as identity primary key,
     rating integer not null,
     remark text not null
   )`,
]

/** What each board starts with. */
const IDEAS = [
  ['Dark mode that follows the sun', 'I write at night. Let it get dark when it gets dark.', 42],
  ['Share a note by link', 'Read only would do. My sister has no account.', 31],
  ['Offline on the train', 'The tunnel after Göschenen eats my notes.', 18],
  ['Keyboard shortcuts for everything', 'Moving a note takes me four clicks.', 7],
] as const

/** Makes what is not there yet. */
export async function createSchema(query: Query): Promise<void> {
  for (const table of TABLES) await query(table)
  for (const { id } of BOARDS) await fill(id, query)
  await postgresReplayStore({ query }).migrate()
}

async function fill(board: string, query: Query): Promise<void> {
  const { rows } = await query('select 1 from requests where board = $1 limit 1', [board])
  if (rows.length > 0) return
  for (const [title, detail, votes] of IDEAS) {
    await query(
      `with added as (
         insert into requests (board, title, detail, author) values ($1, $2, $3, 'Lantern')
         returning id
       )
       insert into votes select id, 'earlier visitor ' || n from added, generate_series(1, $4::integer) n`,
      [board, title, detail, votes],
    )
  }
}
