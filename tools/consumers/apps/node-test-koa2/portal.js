import { harlyy } from '@countersign/koa'
import { testSecret } from '@countersign/testing'

export const portal = harlyy({ businessId: 'b1', surveyId: 's1', secret: testSecret('harlyy') })
