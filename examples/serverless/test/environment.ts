import { testSecret } from '@countersign/testing'

export const secret: string = testSecret('fdback')
process.env['FDBACK_WORKSPACE_ID'] = 'ws_lantern'
process.env['FDBACK_SECRET'] = secret
