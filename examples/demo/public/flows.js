// Sends what travels to the portal, each in the way that its portal documents.

/** What a sign endpoint answered, as text: a URL, or a request with a body. */
export function travelText({ url, headers, body }) {
  if (body === undefined) return url
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`POST ${url} HTTP/1.1`, ...lines, '', body].join('\n')
}

export function send(flow, text) {
  if (flow === 'form') return postForm(text)
  if (!URL.canParse(text)) throw new Error('What travels is not a URL any more.')
  if (flow === 'frame') return showFrame(text)
  const tab = window.open(text, '_blank')
  if (!tab) throw new Error('The browser has blocked the new tab.')
  tab.opener = null
}

function showFrame(url) {
  const frame = Object.assign(document.createElement('iframe'), {
    src: url,
    title: 'The board in a frame',
    className: 'frame',
  })
  document.querySelector('.stage').replaceChildren(frame)
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches
  frame.scrollIntoView({ behavior: smooth ? 'smooth' : 'instant', block: 'nearest' })
  frame.focus({ preventScroll: true })
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
