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
  INTERCOM_SECRET: testSecret('intercom'),
  CANNY_COMPANY_ID: 'c1',
  CANNY_SECRET: testSecret('canny'),
  FEATUREBASE_ORGANIZATION: 'lantern',
  FEATUREBASE_SECRET: testSecret('featurebase'),
  USERJOT_PROJECT_ID: 'p1',
  USERJOT_SECRET: testSecret('userjot'),
  ZENDESK_SUBDOMAIN: 'lantern',
  ZENDESK_SECRET: testSecret('zendesk'),
  ZENDESK_KEY_ID: 'app_1',
  ZENDESK_MESSAGING_SECRET: testSecret('messaging'),
  CHATWOOT_SECRET: testSecret('chatwoot'),
  DISCOURSE_URL: 'https://forum.lantern.example',
  DISCOURSE_SECRET: testSecret('discourse'),
})
