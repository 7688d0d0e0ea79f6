/** What a deployment sets. Imported first: the routes read it while they are loaded. */
Object.assign(process.env, {
  SESSION_SECRET: 'The-secret-of-our-own-session-cookies-2026',
  FEATKIT_SLUG: 'lantern',
  FEATKIT_SECRET: 'Secret-of-our-featkit-project-lantern-2026',
  SEGGWAT_PROJECT_KEY: 'lantern-key',
  SEGGWAT_SIGNING_SECRET: 'Secret-of-our-seggwat-project-lantern-2026',
  HARLYY_BUSINESS_ID: 'lantern-ltd',
  HARLYY_SURVEY_ID: 'after-sale',
  HARLYY_SECRET: 'Secret-of-our-harlyy-survey-after-sale-2026',
  FDBACK_WORKSPACE_ID: 'ws_lantern',
  FDBACK_WORKSPACE_SECRET: 'Secret-of-our-fdback-workspace-lantern-2026',
})
