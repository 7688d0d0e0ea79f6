import { findPostgres, findProgram, serverOrSkip } from '@countersign/test-servers'

// servers of our own: one that is lent is not to be killed
const postgres = findPostgres()

const HERE: Readonly<Record<string, boolean>> = {
  Redis: serverOrSkip(
    'redis-server',
    findProgram('redis-server') === undefined ? undefined : { program: 'redis-server' },
  ),
  Postgres: serverOrSkip('postgresql', postgres && 'folder' in postgres ? postgres : undefined),
}

/** `it`, or `it.skip` where the server of a store, by its name, is not here. */
export function itWith(store: string): jest.It {
  return (HERE[store.replace(/\W.*$/, '')] ?? true) ? it : it.skip
}
