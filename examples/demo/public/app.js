// The frontend of the app: asks its own backend to sign, then follows the portal's documented flow.
import { element, receipt, tamper } from './signed.js'

const stage = document.querySelector('.stage')

const flows = { tab: openTab, frame: showFrame, link: offerLink, post: postSigned }

for (const button of document.querySelectorAll('[data-door]')) {
  button.addEventListener('click', () => void open(button))
  button.disabled = false
}

async function open(button) {
  const { door, flow } = button.dataset
  const treatment = document.querySelector('[name=treatment]:checked').value
  // a tab can only be opened while the click is fresh, so before there is an answer
  const tab = flow === 'tab' ? window.open('', '_blank') : null
  button.disabled = true
  stage.replaceChildren()
  try {
    const signed = await sign(`/${treatment === 'old' ? 'sign-long-ago' : 'sign'}/${door}`)
    const sent = treatment === 'tampered' ? tamper(signed) : signed
    document.querySelector('.receipt').replaceChildren(...receipt(signed, sent))
    document.querySelector('.signed').dataset.theme = button.closest('[data-theme]').dataset.theme
    await flows[flow](sent, tab)
  } catch (error) {
    tab?.close()
    show(element('p', { className: 'notice', role: 'alert', textContent: error.message }))
  } finally {
    button.disabled = false
  }
}

/** The page says nothing about the user: the backend knows from its own session. */
async function sign(path) {
  const response = await fetch(path, { method: 'POST' })
  const answer = await response.json()
  if (response.ok) return answer
  throw new Error(`The sign endpoint answered ${response.status}: ${answer.title}.`)
}

/** FeatKit: a new tab. */
function openTab({ url }, tab) {
  if (!tab) throw new Error('The browser kept the new tab from opening.')
  tab.opener = null
  tab.location = url
}

/** SeggWat: a frame. The sign endpoint has put `embed=true` into the address. */
function showFrame({ url }) {
  show(element('iframe', { src: url, title: 'The board on SeggWat', className: 'frame' }))
}

/** Harlyy: a link for somebody else, on a receipt for instance. */
function offerLink({ url }) {
  const label = element('label', {
    htmlFor: 'link',
    textContent: 'Your survey link, good for one answer',
  })
  const input = element('input', { id: 'link', readOnly: true, value: url })
  const copy = element('button', { className: 'button quiet', type: 'button', textContent: 'Copy' })
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(url)
    copy.textContent = 'Copied'
  })
  const follow = element('a', {
    className: 'button',
    href: url,
    target: '_blank',
    rel: 'noopener',
    textContent: 'Open it',
  })
  const offer = element('div', { className: 'offer' })
  offer.dataset.theme = 'harlyy'
  offer.append(label, input, copy, follow)
  show(offer)
  input.focus({ preventScroll: true })
}

/** fdback: the body as it was signed, with its headers; then on to the board. */
async function postSigned({ url, headers, body }) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body,
    credentials: 'include',
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`The portal answered ${response.status}: ${answer.title}.`)
  location.assign(answer.url)
}

function show(child) {
  stage.replaceChildren(child)
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches
  child.scrollIntoView({ behavior: smooth ? 'smooth' : 'instant', block: 'nearest' })
}
