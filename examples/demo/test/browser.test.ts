import { describeInBrowser, picture } from './chromium'
import { visitInBrowser } from './in-browser'
import { card, known, newTab, press, read, said, signIn, voteFor, votes } from './person'

jest.setTimeout(60_000)

const TIME = String.raw`\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC`
const MALLORY = '</script><img src=x onerror=alert(1)>'
const IDEA = 'Share a note by link'

describeInBrowser('a person at the demo', () => {
  const visit = visitInBrowser()

  const knowsAda = (scheme: string, key: string): RegExp =>
    new RegExp(
      `^How we know Signature checked Who Ada Okafor ada@lantern.example( id ada)? ` +
        `Scheme ${scheme} Key ${key} Issued ${TIME} Expires ${TIME}$`,
    )

  it('opens FeatKit in a new tab, is known there, and votes once', async () => {
    const { context, demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    const tab = await newTab(context, press(page, 'Signed link'))
    expect(tab.url()).toBe(`${demo.portalOrigin}/featkit/p/lantern`)
    expect(await tab.evaluate('window.opener')).toBeNull()
    expect(await read(known(tab))).toMatch(knowsAda('FeatKit signed link', 'featkit-key-1'))
    const before = await votes(tab, IDEA)
    await voteFor(tab, IDEA).click()
    await said(tab, 'Your vote counts.')
    expect(await voteFor(tab, IDEA).getAttribute('aria-pressed')).toBe('true')
    await voteFor(tab, IDEA).click()
    await said(tab, 'You have voted for this already. It counts once.')
    expect(await votes(tab, IDEA)).toBe(before + 1)
    await tab.reload()
    expect(await votes(tab, IDEA)).toBe(before + 1)
    await picture(tab, 'demo-board')
    await picture(page, 'demo-app')
  })

  it.each([
    ['HMAC token', 'seggwat-key-1'],
    ['JWT', 'seggwat-key-2'],
  ])('sees SeggWat in a frame with a %s, and suggests something there', async (format, key) => {
    const { demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    await press(page, format)
    const frame = page.frameLocator('iframe')
    await known(frame).waitFor()
    expect(page.frames()[1]!.url()).toMatch(/^http:\S+\/seggwat\/p\/lantern-\w+\?embed=true$/)
    expect(await read(known(frame))).toMatch(knowsAda(`SeggWat ${format}`, key))
    await frame.getByLabel('In a few words').fill('A window for each note')
    await frame.getByLabel('Why it matters').fill('I have two screens.')
    await frame.getByRole('button', { name: 'Suggest' }).click()
    await said(frame, 'Thank you. Your idea is on the board, with your vote.')
    expect(await votes(frame, 'A window for each note')).toBe(1)
    await frame.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
    if (format === 'JWT') await picture(page, 'demo-frame')
  })

  it('makes a survey link that takes one answer', async () => {
    const { context, demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    await press(page, 'One-time link')
    const link = await page.getByLabel('Your survey link').inputValue()
    const follow = page.getByRole('link', { name: 'Open it' })
    const survey = await newTab(context, follow.click())
    expect(survey.url()).toBe(link)
    expect(await read(known(survey))).toContain('Nobody in particular: this link carries no name')
    await picture(survey, 'demo-survey')
    await survey.getByRole('radio', { name: '5 Great' }).check()
    await survey.getByLabel('Anything else?').fill('I write more now.')
    await survey.getByRole('button', { name: 'Send my answer' }).click()
    await survey.getByRole('heading', { name: 'Thank you.' }).waitFor()
    const again = await newTab(context, follow.click())
    expect(await read(again.getByRole('main'))).toMatch(
      /^You have answered already Thank you! .* 401 token_replayed$/,
    )
  })

  it('posts to fdback and arrives on its board, with a picture', async () => {
    const { demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    await press(page, 'Signed request')
    await page.waitForURL(`${demo.portalOrigin}/fdback/board`)
    expect(await read(known(page))).toMatch(knowsAda('fdback signed request', 'fdback-key-1'))
    expect(await page.evaluate("document.querySelector('.visitor img').naturalWidth")).toBe(32)
    const request = page.getByRole('listitem').filter({ hasText: IDEA })
    await request.locator('summary').click()
    await request.getByLabel('Your comment').fill('Yes, please!')
    await request.getByRole('button', { name: 'Send' }).click()
    await said(page, 'Your comment is on the board.')
    expect(await read(request)).toContain('Ada Okafor Yes, please!')
  })

  it('is somebody else on the board after switching users', async () => {
    const { context, demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    const ada = await newTab(context, press(page, 'Signed link'))
    const before = await votes(ada, 'Offline on the train')
    await voteFor(ada, 'Offline on the train').click()
    await said(ada, 'Your vote counts.')
    await signIn(page, demo.appOrigin, 'Zoë Lindström')
    const zoe = await newTab(context, press(page, 'Signed link'))
    expect(await read(known(zoe))).toContain('Who Zoë Lindström zoe@lantern.example id zoe')
    const vote = voteFor(zoe, 'Offline on the train')
    expect(await vote.getAttribute('aria-pressed')).toBe('false')
    await vote.click()
    await said(zoe, 'Your vote counts.')
    expect(await votes(zoe, 'Offline on the train')).toBe(before + 2)
  })

  it('reads along while signed out', async () => {
    const { demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    await page.getByRole('button', { name: 'Signed out' }).click()
    await page.getByRole('heading', { name: 'Nobody is signed in.' }).waitFor()
    for (const format of ['Signed link', 'HMAC token', 'JWT', 'Signed request']) {
      await card(page, format).getByRole('link', { name: 'Read as a visitor' }).click()
      await page.getByRole('heading', { name: 'You are reading along' }).waitFor()
      expect(await page.getByRole('list').getByRole('listitem').count()).toBeGreaterThanOrEqual(4)
      expect(await page.getByRole('button').count()).toBe(0)
      await page.getByRole('link', { name: 'Come in through Lantern' }).click()
    }
    expect(await read(card(page, 'One-time link'))).toContain('made for somebody')
  })

  it('with a name that would break a careless page sees that name, as text', async () => {
    const { context, demo, page } = visit
    await signIn(page, demo.appOrigin, MALLORY)
    await press(page, 'JWT')
    const frame = page.frameLocator('iframe')
    expect(await read(known(frame))).toContain(`Who ${MALLORY} mallory@lantern.example`)
    const tab = await newTab(context, press(page, 'Signed link'))
    expect(await read(known(tab))).toContain(`Who ${MALLORY} mallory@lantern.example`)
    await tab.getByLabel('In a few words').fill(MALLORY)
    await tab.getByRole('button', { name: 'Suggest' }).click()
    await tab.getByRole('heading', { name: MALLORY }).waitFor()
    await press(page, 'Signed request')
    await page.waitForURL(`${demo.portalOrigin}/fdback/board`)
    expect(await read(known(page))).toContain(`Who ${MALLORY} mallory@lantern.example`)
    await picture(page, 'demo-name')
    for (const shown of [page, tab]) expect(await shown.locator('img[src=x]').count()).toBe(0)
  })
})
