import { testSecret } from '@countersign/testing'
import { fdback, featkit, harlyy } from '../src'

export const links = featkit({ slug: 'acme', secret: testSecret('links') })
export const requests = fdback({ workspaceId: 'ws_demo', secret: testSecret('requests') })
export const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: testSecret('surveys') })
