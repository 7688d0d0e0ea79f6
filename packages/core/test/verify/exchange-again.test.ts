import { createExchange, type CurrentSession, type ResponseData } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { clockedStore } from '../replay/stores'
import { forgeLink, forgeMessage, forgeOnce, linkClaims } from '../support/forge'
import { catchingWarnings } from '../support/process'
import { NOW, now, view } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'
import { exchanging, goesTo, link, links } from './exchanging'

catchingWarnings() // of refused requests

const over = { ...linkClaims, timestamp: NOW / 1000 - 9, expires: NOW / 1000 - 1 }
const expired = `token=${forgeLink(over)}`
const surveys = harlyy({ secret: CURRENT })
const once = (nonce: string) => `sig=${encodeURIComponent(forgeOnce({ nonce, exp: NOW + 60_000 }))}`

describe('a visitor who has a session', () => {
  /** What a second link does in the session that the first one has made. */
  async function openAgain(query: string, session: Partial<CurrentSession> = {}) {
    const first = exchanging(links)
    await first.ask({ query: link })
    const current = () => ({ id: 'u1', link: first.made[0]?.link, ...session })
    const second = exchanging(links, { current })
    return { response: await second.ask({ query }), made: second.made }
  }
  const other = `token=${forgeLink({ ...linkClaims, user_id: 'u2' })}`
  const otherExpired = `token=${forgeLink({ ...over, user_id: 'u2' })}`

  it('goes on with the link of the session, and keeps the session', async () => {
    expect(await openAgain(link)).toMatchObject({ response: goesTo('/portal'), made: [] })
  })

  it('gets a new session for another link, which is told of another user only', async () => {
    const previous = expect.objectContaining({ id: 'u1' })
    expect(await openAgain(other)).toMatchObject({ made: [{ id: 'u2', previous }] })
    expect(await openAgain(link, { link: 'other' })).toMatchObject({ made: [{ previous: null }] })
    const elsewhere = { link: 'other', tenant: 'other' }
    expect(await openAgain(link, elsewhere)).toMatchObject({ made: [{ previous: elsewhere }] })
  })

  it('may be another user where the portal gives users no id', async () => {
    const previous = { id: null }
    const current = () => previous
    const { made, ask } = exchanging(surveys, { replayStore: clockedStore().store, current })
    await ask({ method: 'POST', query: once('no id') })
    expect(made).toMatchObject([{ id: null, previous }])
  })

  it('goes on with an expired link only in the session that was made of it', async () => {
    const first = exchanging(links, { now: () => NOW - 5_000 })
    await first.ask({ query: expired })
    const made = first.made[0]?.link
    const { ask } = exchanging(links, { current: async () => ({ id: 'u1', link: made }) })
    expect(await ask({ query: expired })).toMatchObject(goesTo('/portal'))
    expect(await ask({ query: otherExpired })).toMatchObject({ status: 401 })
    expect(await exchanging(links).ask({ query: expired })).toMatchObject({ status: 401 })
    const query = `${expired}&return_to=//evil.example`
    expect(await ask({ query })).toMatchObject({ status: 400 })
  })

  it('does not go on with a forged link, whatever the session says', async () => {
    const query = `token=${forgeLink(undefined, FOREIGN)}`
    const forger = exchanging(featkit({ secret: FOREIGN }))
    await forger.ask({ query })
    const { ask } = exchanging(links, { current: () => ({ id: 'u1', link: forger.made[0]?.link }) })
    expect(await ask({ query })).toMatchObject({ status: 401 })
  })

  it('gets a new session for a credential that is not in the URL', async () => {
    const { made, ask } = exchanging(fdback({ secret: CURRENT }), { current: () => ({ id: 'u1' }) })
    expect(await ask(forgeMessage())).toMatchObject(goesTo('/portal'))
    expect(made).toMatchObject([{ id: 'ada@example.com', link: undefined }])
  })
})

describe('a one-time link', () => {
  it('is asked about by GET and HEAD, and used up by the POST of the form', async () => {
    const { store } = clockedStore()
    const { made, ask } = exchanging(surveys, { replayStore: store })
    const query = once('asked')
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = (await ask({ method, query })) as ResponseData
      expect([page.status, page.headers['referrer-policy']]).toEqual([200, 'strict-origin'])
      expect(page.body).toContain(`<form method="post" action="/portal?${query}">`)
    }
    expect(made).toEqual([])
    expect(await ask({ method: 'POST', query })).toMatchObject(goesTo('/portal'))
    expect(made).toHaveLength(1)
    for (const method of ['POST', 'GET']) {
      expect(await ask({ method, query })).toMatchObject({
        status: 401,
        body: expect.stringContaining('token_replayed'),
      })
    }
  })

  it('is opened again with the session that was made of it', async () => {
    const { store } = clockedStore()
    const sessions: CurrentSession[] = []
    const { ask } = exchanging(surveys, {
      replayStore: store,
      establish: ({ id }, _request, { link: own }) => void sessions.push({ id, link: own }),
      current: () => sessions[0],
    })
    await ask({ method: 'POST', query: once('again') })
    for (const method of ['POST', 'GET']) {
      expect(await ask({ method, query: once('again') })).toMatchObject(goesTo('/portal'))
    }
    expect(sessions).toHaveLength(1)
  })

  it('is used up again by its session where the store has lost it', async () => {
    const first = exchanging(surveys, { replayStore: clockedStore().store })
    await first.ask({ method: 'POST', query: once('lost') })
    const current = () => ({ id: null, link: first.made[0]?.link })
    const { made, ask } = exchanging(surveys, { replayStore: clockedStore().store, current })
    await ask({ method: 'POST', query: once('lost') })
    expect(made).toHaveLength(1)
  })

  it('can be used again where `establish` fails or the address is refused', async () => {
    const { store } = clockedStore()
    const request = { method: 'POST', query: once('again') }
    const establish = () => Promise.reject(new Error('no database'))
    const failing = exchanging(surveys, { replayStore: store, establish })
    await expect(failing.ask(request)).rejects.toThrow('no database')
    const { ask } = exchanging(surveys, { replayStore: store })
    const astray = await ask({ ...request, query: `${request.query}&return_to=//evil.example` })
    expect(astray).toMatchObject({ status: 400 })
    expect(await ask(request)).toMatchObject(goesTo('/portal'))
  })

  it('needs no leases of its store', async () => {
    const { claim, has, durable } = clockedStore().store
    const { ask } = exchanging(surveys, { replayStore: { claim, has, durable } })
    const request = { method: 'POST', query: once('plain') }
    expect(await ask({ ...request, method: 'GET' })).toMatchObject({ status: 200 })
    expect(await ask(request)).toMatchObject(goesTo('/portal'))
    expect(await ask(request)).toMatchObject({ status: 401 })
  })

  it('may be confirmed on a page of your own, which gets an escaped URL', async () => {
    const confirmPage = (action: string) => `<form action="${action}">`
    const { ask } = exchanging(surveys, { confirmPage })
    const page = await ask({ query: `a="&${once('own')}` })
    expect(page?.body).toBe(`<form action="/portal?a=&#34;&#38;${once('own')}">`)
    expect(page?.headers).not.toHaveProperty('content-security-policy')
  })

  it('is posted to this origin, whatever the path is', async () => {
    const exchange = createExchange(surveys, { now, establish: () => undefined })
    const request = { ...view<object>(), target: `//evil.example/?${once('own')}` }
    const page = await exchange(request)
    expect(page?.body).toContain(`<form method="post" action="?${once('own')}">`)
  })

  it('of fdback is one with a store only', async () => {
    const { headers, body } = forgeMessage()
    const reply = {
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      body: body.toString(),
    }
    const query = `data=${encodeURIComponent(Buffer.from(JSON.stringify(reply)).toString('base64'))}`
    const portal = fdback({ secret: CURRENT })
    expect(await exchanging(portal).ask({ query })).toMatchObject(goesTo('/portal'))
    const { ask } = exchanging(portal, { replayStore: clockedStore().store })
    expect(await ask({ query })).toMatchObject({ status: 200 })
    expect(await ask({ method: 'POST', query })).toMatchObject(goesTo('/portal'))
  })
})
