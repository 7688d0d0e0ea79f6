const { featkit } = require('@countersign/express')
const { testSecret } = require('@countersign/testing')

exports.portal = featkit({ slug: 'acme', secret: testSecret('featkit') })
