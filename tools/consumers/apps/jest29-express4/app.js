const express = require('express')
const { requireSignedUser, signEndpoint } = require('@countersign/express')

const people = { ada: { id: 42, email: 'ada@example.com', name: 'Ada' } }

exports.createApp = (portal) =>
  express()
    .get('/board', requireSignedUser(portal), (req, res) => {
      res.json({ id: req.portalUser?.id ?? null })
    })
    .post('/api/portal/sign', signEndpoint(portal, { user: currentUser }))

/** Stands for a session. */
function currentUser(req) {
  return people[/session=(\w+)/.exec(req.headers.cookie)?.[1]] ?? null
}
