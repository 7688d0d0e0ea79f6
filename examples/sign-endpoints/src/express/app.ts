import express, { type Express } from 'express'
import { fdbackRoutes } from './fdback'
import { featkitRoutes } from './featkit'
import { harlyyRoutes } from './harlyy'
import { seggwatRoutes } from './seggwat'

export const app: Express = express()
app.use(featkitRoutes, seggwatRoutes, harlyyRoutes, fdbackRoutes)

if (require.main === module) app.listen(Number(process.env['PORT'] ?? 3000))
