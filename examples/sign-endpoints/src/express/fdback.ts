import { fdback, signEndpoint } from '@countersign/express'
import { Router } from 'express'
import { currentUser } from '../current-user'

// Workspace settings: the id and the secret of the workspace.
const portal = fdback({
  workspaceId: process.env['FDBACK_WORKSPACE_ID'],
  secret: process.env['FDBACK_WORKSPACE_SECRET'],
})

/** fdback's browser client calls this and posts what it answers. POST only, good for 5 minutes. */
export const fdbackRoutes: Router = Router().post(
  '/api/fdback/sign',
  signEndpoint(portal, {
    user: currentUser,
  }),
)
