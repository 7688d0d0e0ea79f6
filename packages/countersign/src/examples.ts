export type CommandName = 'sign' | 'verify' | 'explain' | 'secret' | 'link' | 'serve'

/** Shown by `--help`, and executed by a test. */
export const EXAMPLES: Readonly<Record<CommandName, readonly [string, ...string[]]>> = {
  sign: [
    'countersign sign -p featkit --slug acme --secret-env FEATKIT_SECRET --id 42 --name Ada',
    'countersign sign -p harlyy --business-id b_1 --survey-id s_1 --secret-file harlyy.secret --expires-in 7d',
  ],
  verify: [
    'countersign verify -p featkit --secret-env FEATKIT_SECRET "$LINK"',
    'countersign sign -p fdback --workspace-id w_1 --secret-env FDBACK_SECRET --email ada@example.com | countersign verify -p fdback --secret-env FDBACK_SECRET',
  ],
  explain: [
    'countersign explain -p featkit --secret-env FEATKIT_SECRET "$REFUSED_LINK"',
    'countersign explain -p fdback --workspace-id w_1 --secret-env FDBACK_SECRET --json < request.txt',
    'countersign explain -p featkit --secret-env FEATKIT_SECRET --other-env STAGING_SECRET --language python "$REFUSED_LINK"',
  ],
  secret: ['countersign secret', 'countersign secret --env FEATKIT_SECRET >> .env'],
  link: [
    'countersign link -p seggwat --project-key abc123 --secret-env SEGGWAT_SECRET --id 42 --expires-in 2h',
  ],
  serve: ['countersign serve -p featkit --slug acme --secret-env FEATKIT_SECRET --port 4180'],
}
