// Sends what travels to the portal, each in the way that its portal documents.
import { embedPortal, openPortal } from './client.js'

/** What a sign endpoint answered, as text: a URL, or a request with a body. */
export function travelText({ url, headers, body }) {
  if (body === undefined) return url
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`POST ${url} HTTP/1.1`, ...lines, '', body].join('\n')
}

/** @throws Error with a sentence for the person */
export async function send(flow, text) {
  if (flow === 'form') return postForm(text)
  // a sign endpoint that answers with what the page shows: in an app this is `/sign/…` itself
  const signUrl = `/lab/reply?url=${encodeURIComponent(text)}`
  if (flow === 'frame') return showFrame(signUrl)
  await openPortal(signUrl).catch(({ code }) => {
    throw new Error(WORDS[code])
  })
}

const WORDS = {
  blocked: 'The browser has blocked the new tab.',
  closed: 'The new tab was closed.',
  network: 'What travels is not a URL any more, or the app cannot be reached.',
}

let embedded

function showFrame(signUrl) {
  const stage = document.querySelector('.stage')
  embedded?.remove()
  embedded = embedPortal(stage, signUrl, { title: 'The board in a frame' })
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches
  stage.scrollIntoView({ behavior: smooth ? 'smooth' : 'instant', block: 'start' })
  stage.focus({ preventScroll: true })
}

/**
 * fdback: a form, posted to a new tab. It is a navigation, so the browser keeps the portal's cookie;
 * after a `fetch` to another site it may not.
 */
function postForm(text) {
  const [head, ...body] = text.split('\n\n')
  const [request, ...lines] = head.split('\n')
  const url = request.split(' ')[1]
  if (!URL.canParse(url)) throw new Error('The first line does not contain a URL any more.')
  const form = Object.assign(document.createElement('form'), {
    method: 'post',
    action: url,
    target: '_blank',
    rel: 'noopener',
    hidden: true,
  })
  const names = {
    'x-workspace-id': '_workspaceId',
    'x-timestamp': '_timestamp',
    'x-signature': '_signature',
  }
  for (const line of lines) {
    const [name, ...value] = line.split(':')
    add(form, names[name.trim().toLowerCase()], value.join(':').trim())
  }
  for (const [name, value] of membersOf(body.join('\n\n'))) add(form, name, value)
  document.body.append(form)
  form.submit()
  form.remove()
}

function membersOf(body) {
  try {
    return Object.entries(JSON.parse(body))
  } catch {
    throw new Error('The body is not JSON any more, so no form can be made of it.')
  }
}

function add(form, name, value) {
  if (!name) return
  form.append(Object.assign(document.createElement('input'), { name, value }))
}
