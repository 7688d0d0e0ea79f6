import Koa from 'koa'
import { fdbackRoutes } from './fdback'
import { featkitRoutes } from './featkit'
import { harlyyRoutes } from './harlyy'
import { seggwatRoutes } from './seggwat'

export const app: Koa = new Koa()
for (const router of [featkitRoutes, seggwatRoutes, harlyyRoutes, fdbackRoutes]) {
  app.use(router.routes())
}

if (require.main === module) app.listen(Number(process.env['PORT'] ?? 3000))
