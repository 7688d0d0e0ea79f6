const { fdback } = require('@countersign/express')
const { testSecret } = require('@countersign/testing')

exports.portal = fdback({ workspaceId: 'ws1', secret: testSecret('fdback') })
