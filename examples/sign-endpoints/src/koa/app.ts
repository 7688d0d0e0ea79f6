import { createReadStream } from 'node:fs'
import { Router } from '@koa/router'
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
import { page, script } from '../page'

const pageRoutes = new Router()
  .get('/', (ctx) => {
    ctx.body = page
  })
  .get('/countersign.js', (ctx) => {
    ctx.type = 'js'
    ctx.body = createReadStream(script)
  })
const routers = [
  pageRoutes,
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
