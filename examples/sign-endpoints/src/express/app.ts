import express, { type Express } from 'express'
import { cannyRoutes } from './canny'
import { chatwootRoutes } from './chatwoot'
import { discourseRoutes } from './discourse'
import { fdbackRoutes } from './fdback'
import { featkitRoutes } from './featkit'
import { featurebaseRoutes } from './featurebase'
import { harlyyRoutes } from './harlyy'
import { intercomRoutes } from './intercom'
import { seggwatRoutes } from './seggwat'
import { userjotRoutes } from './userjot'
import { zendeskRoutes } from './zendesk'
import { messagingRoutes } from './zendesk-messaging'
import { page, script } from '../page'

export const app: Express = express()
app.get('/', (_req, res) => void res.send(page))
app.get('/countersign.js', (_req, res) => res.sendFile(script))
app.use(
  featkitRoutes,
  seggwatRoutes,
  harlyyRoutes,
  fdbackRoutes,
  chatwootRoutes,
  cannyRoutes,
  discourseRoutes,
  featurebaseRoutes,
  intercomRoutes,
  messagingRoutes,
  userjotRoutes,
  zendeskRoutes,
)

if (require.main === module) app.listen(Number(process.env['PORT'] ?? 3000))
