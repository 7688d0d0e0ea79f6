import { testSecret } from '@countersign/testing'

/** What a deployment sets. Imported first: the routes read it while they are loaded. */
Object.assign(process.env, {
  SESSION_SECRET: 'The-secret-of-our-own-session-cookies-2026',
  FEATKIT_SLUG: 'lantern',
  FEATKIT_SECRET: testSecret('featkit'),
  SEGGWAT_PROJECT_KEY: 'lantern-key',
  SEGGWAT_SIGNING_SECRET: testSecret('seggwat'),
  HARLYY_BUSINESS_ID: 'lantern-ltd',
  HARLYY_SURVEY_ID: 'after-sale',
  HARLYY_SECRET: testSecret('harlyy'),
  FDBACK_WORKSPACE_ID: 'ws_lantern',
  FDBACK_WORKSPACE_SECRET: testSecret('fdback'),
})
