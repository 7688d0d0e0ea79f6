-- What @countersign/store-postgres needs in the database. It can be run again: it creates what is
-- missing or of another version, and needs no rights where nothing is.
DO $schema$
DECLARE
  home text; -- the schema
  body text; -- of the procedure
BEGIN
  -- Two of these at the same time would disturb each other.
  PERFORM pg_advisory_xact_lock(4832714402751183);

  home := coalesce(
    (pg_identify_object('pg_class'::regclass, to_regclass('"countersign_uses"'), 0)).schema,
    quote_ident(current_schema()));

  IF to_regclass(home || '."countersign_uses"') IS NULL THEN
    EXECUTE format('CREATE TABLE %s."countersign_uses" (
      key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
      owner text NOT NULL,
      leased boolean NOT NULL,
      expires_at timestamptz NOT NULL
    )', home);
  END IF;

  IF to_regclass(home || '."countersign_uses_expires_at"') IS NULL THEN
    EXECUTE format('CREATE INDEX "countersign_uses_expires_at" ON %s."countersign_uses" (expires_at)', home);
  END IF;

  -- Takes a key, for good or on lease, and answers with its state before (free, leased or used) and the
  -- question's id. The table has its full name here: the search path of a caller may lead elsewhere.
  body := replace($body$
BEGIN
  -- Fails inside a transaction of the caller's: its rollback would undo a use after the answer.
  COMMIT;
  -- A statement that waited for another session must see what that session wrote.
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  -- A use is on disk before the answer, whatever the session says.
  IF current_setting('synchronous_commit') = 'off' THEN
    SET LOCAL synchronous_commit = on;
  END IF;

  INSERT INTO {home}."countersign_uses" AS held (key, owner, leased, expires_at)
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
      FROM {home}."countersign_uses" WHERE key = its_key AND expires_at > clock_timestamp()
    ), 'leased') || ':' || answer;
  END IF;
  COMMIT;
END
$body$, '{home}', home);

  IF (
    SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(
      home || '."countersign_uses_take"(bytea, text, boolean, double precision, text)')
  ) IS DISTINCT FROM body THEN
    EXECUTE format('CREATE OR REPLACE PROCEDURE %s."countersign_uses_take"(
      its_key bytea,
      new_owner text,
      on_lease boolean,
      milliseconds double precision, -- NULL for no end
      INOUT answer text -- the question''s id
    ) LANGUAGE plpgsql AS %L', home, body);
  END IF;
END
$schema$;
