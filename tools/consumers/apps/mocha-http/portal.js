import { seggwat } from '@countersign/core/schemes'
import { testSecret } from '@countersign/testing'

export const portal = seggwat({ projectKey: 'acme', secret: testSecret('seggwat') })
