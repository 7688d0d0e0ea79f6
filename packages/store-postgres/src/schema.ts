import type { Names } from './options'

/**
 * Makes what is not there yet, all of it or nothing. One statement, so that it can be run through
 * `query`, and inside a transaction of somebody's own migrations.
 */
export function schemaOf(names: Names): string {
  const { table, index } = names
  return `-- What @countersign/store-postgres needs in the database. It may be run again.
DO $schema$
BEGIN
  -- two at once would trip over each other's half-made things
  PERFORM pg_advisory_xact_lock(4832714402751183);

  CREATE TABLE IF NOT EXISTS ${table} (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    owner text NOT NULL,
    leased boolean NOT NULL,
    expires_at timestamptz NOT NULL
  );

  CREATE INDEX IF NOT EXISTS ${index} ON ${table} (expires_at);

${procedureOf(names)}
END
$schema$;
`
}

/** A procedure, not a function: only there can SQL end a transaction, and say whether it is its own. */
function procedureOf({ table, procedure }: Names): string {
  return `  -- Takes a key, for good or on lease, and says what it was before: free, leased or used.
  CREATE OR REPLACE PROCEDURE ${procedure}(
    its_key bytea,
    new_owner text,
    on_lease boolean,
    milliseconds double precision, -- NULL for ever
    INOUT answer text
  ) LANGUAGE plpgsql AS $take$
  BEGIN
    -- An error inside somebody's transaction: what is taken there could be rolled back after the answer.
    COMMIT;
    -- Whoever waited for another must see what that one wrote.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

    INSERT INTO ${table} AS held (key, owner, leased, expires_at)
    VALUES (its_key, new_owner, on_lease,
      coalesce(clock_timestamp() + milliseconds * interval '1 millisecond', 'infinity'))
    ON CONFLICT (key) DO UPDATE
    SET owner = excluded.owner, leased = excluded.leased, expires_at = excluded.expires_at
    WHERE held.expires_at <= clock_timestamp()
      -- the owner again, who lost the answer or makes a lease final; but what is final stays so
      OR (held.owner = excluded.owner AND held.leased >= excluded.leased);

    IF FOUND THEN
      answer := 'free';
    ELSE
      SELECT CASE WHEN leased THEN 'leased' ELSE 'used' END INTO answer
      FROM ${table} WHERE key = its_key AND expires_at > clock_timestamp();
      -- given back since: whoever asks again may get it
      answer := coalesce(answer, 'leased');
    END IF;
    -- It is on disk before anybody hears of it.
    COMMIT;
  END
  $take$;`
}
