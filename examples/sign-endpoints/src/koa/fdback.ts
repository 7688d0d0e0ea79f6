import { fdback, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Workspace settings: the id and the secret of the workspace.
const portal = fdback({
  workspaceId: process.env['FDBACK_WORKSPACE_ID'],
  secret: process.env['FDBACK_WORKSPACE_SECRET'],
})

export const fdbackRoutes: Router = new Router()
  // a form of the page posts here, and its tab posts on to the portal
  .all(
    '/api/fdback/open',
    signEndpoint(portal, { user: currentUser, respond: 'redirect', signedOut: '/login' }),
  )
  // fdback's browser client calls this, and posts the response
  .post('/api/fdback/sign', signEndpoint(portal, { user: currentUser }))
