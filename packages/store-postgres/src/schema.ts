import type { Names } from './options'

/**
 * Creates what is missing, all of it or nothing. One statement, so that `query` can run it, also
 * inside a transaction of the application's own migrations.
 */
export function schemaOf(names: Names): string {
  const { name } = names
  return `-- What @countersign/store-postgres needs in the database. It can be run again: it creates what is
-- missing or of another version, and needs no rights where nothing is.
DO $schema$
DECLARE
  home text; -- the schema
  body text; -- of the procedure
BEGIN
  -- Two of these at the same time would disturb each other.
  PERFORM pg_advisory_xact_lock(4832714402751183);

  home := ${homeOf(names)};

  IF to_regclass(home || '."${name}"') IS NULL THEN
    EXECUTE format('CREATE TABLE %s."${name}" (
      key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
      owner text NOT NULL,
      leased boolean NOT NULL,
      expires_at timestamptz NOT NULL
    )', home);
  END IF;

  IF to_regclass(home || '."${name}_expires_at"') IS NULL THEN
    EXECUTE format('CREATE INDEX "${name}_expires_at" ON %s."${name}" (expires_at)', home);
  END IF;

${procedureOf(names)}
END
$schema$;
`
}

/** An expression for the schema. Where none is given: the one that has the table, or the session's first. */
function homeOf({ schema, name }: Names): string {
  if (schema !== undefined) return `'"${schema}"'`
  return `coalesce(
    (pg_identify_object('pg_class'::regclass, to_regclass('"${name}"'), 0)).schema,
    quote_ident(current_schema()))`
}

/** A procedure, not a function: only a procedure can end a transaction, and fails where it is not its own. */
function procedureOf({ name }: Names): string {
  return `  -- Takes a key, for good or on lease, and answers with its state before (free, leased or used) and the
  -- question's id. The table has its full name here: the search path of a caller may lead elsewhere.
  body := replace($body$
${bodyOf(name)}
$body$, '{home}', home);

  IF (
    SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(
      home || '."${name}_take"(bytea, text, boolean, double precision, text)')
  ) IS DISTINCT FROM body THEN
    EXECUTE format('CREATE OR REPLACE PROCEDURE %s."${name}_take"(
      its_key bytea,
      new_owner text,
      on_lease boolean,
      milliseconds double precision, -- NULL for no end
      INOUT answer text -- the question''s id
    ) LANGUAGE plpgsql AS %L', home, body);
  END IF;`
}

function bodyOf(name: string): string {
  return `BEGIN
  -- Fails inside a transaction of the caller's: its rollback would undo a use after the answer.
  COMMIT;
  -- A statement that waited for another session must see what that session wrote.
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  -- A use is on disk before the answer, whatever the session says.
  IF current_setting('synchronous_commit') = 'off' THEN
    SET LOCAL synchronous_commit = on;
  END IF;

  INSERT INTO {home}."${name}" AS held (key, owner, leased, expires_at)
  VALUES (its_key, new_owner, on_lease,
    coalesce(clock_timestamp() + milliseconds * interval '1 millisecond', 'infinity'))
  ON CONFLICT (key) DO UPDATE
  SET owner = excluded.owner, leased = excluded.leased, expires_at = excluded.expires_at
  WHERE held.expires_at <= clock_timestamp()
    -- the same owner, who lost the answer or makes a lease final; a final entry stays final
    OR (held.owner = excluded.owner AND held.leased >= excluded.leased);

  IF FOUND THEN
    answer := 'free:' || answer;
  ELSE
    -- no entry: it was released since, and the next attempt can take it
    answer := coalesce((
      SELECT CASE WHEN leased THEN 'leased' ELSE 'used' END
      FROM {home}."${name}" WHERE key = its_key AND expires_at > clock_timestamp()
    ), 'leased') || ':' || answer;
  END IF;
  COMMIT;
END`
}
