import { seggwat } from '@countersign/koa'
import { testSecret } from '@countersign/testing'

export const portal = seggwat({ projectKey: 'acme', mode: 'jwt', secret: testSecret('seggwat') })
