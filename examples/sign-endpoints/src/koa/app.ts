import Koa from 'koa'
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

const routers = [
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
]
export const app: Koa = new Koa()
for (const router of routers) app.use(router.routes())

if (require.main === module) app.listen(Number(process.env['PORT'] ?? 3000))
