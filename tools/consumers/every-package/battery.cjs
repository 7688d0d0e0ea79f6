// What users of the packages rely on, in CommonJS and in ES modules.
const assert = require('node:assert/strict')
const { once } = require('node:events')

const secret = 'pack-check pack-check pack-check pack-check'

/** @param modules the packages and frameworks as one module system loads them */
module.exports = async function battery({ core, door, express, koa, Express, Koa }) {
  for (const adapter of [express, koa]) {
    for (const name of Object.keys(door)) assert.equal(adapter[name], door[name], name)
  }
  const portal = door.seggwat({ projectKey: 'acme', secret })
  const { token } = await core.createSigner(portal).sign({ id: 42, name: 'Ada' })

  const expressApp = Express().get('/', express.requireSignedUser(portal), (req, res) => {
    res.json(express.getPortalUser(req))
  })
  await assertGuarded(expressApp, token)

  const koaApp = new Koa().use(koa.requireSignedUser(portal)).use((ctx) => {
    ctx.body = koa.getPortalUser(ctx)
  })
  await assertGuarded(koaApp, token)
}

async function assertGuarded(app, token) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  try {
    const refused = await fetch(`${origin}/`)
    assert.equal(refused.status, 401)
    assert.equal((await refused.json()).code, 'credential_missing')
    const accepted = await fetch(`${origin}/?token=${token}`)
    assert.equal(accepted.status, 200)
    assert.deepEqual(await accepted.json(), {
      scheme: 'seggwat',
      id: '42',
      email: null,
      name: 'Ada',
      subscriptionId: null,
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
