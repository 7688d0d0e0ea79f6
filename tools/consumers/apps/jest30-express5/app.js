const express = require('express')
const { keepRawBody, requireSignedUser, signEndpoint } = require('@countersign/express')

const people = { ada: { email: 'ada@example.com', name: 'Ada' } }

exports.createApp = (portal, { replayStore }) =>
  express()
    .use(express.json({ verify: keepRawBody }))
    .post('/api/auth/sdk-login', requireSignedUser(portal, { replayStore }), (req, res) => {
      res.json({ id: req.portalUser?.id ?? null, name: req.body.name })
    })
    .post('/api/portal/sign', signEndpoint(portal, { user: currentUser }))

/** Stands for a session. */
function currentUser(req) {
  return people[/session=(\w+)/.exec(req.headers.cookie)?.[1]] ?? null
}
