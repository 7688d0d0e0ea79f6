// The laboratory: signs, breaks on request, and asks at each change what the portal's checks say.
import { createEditor } from './editor.js'
import { send, travelText } from './flows.js'

const SHOWN_REQUESTS = 12
const AWAY = 'The app cannot be reached. Is the demo still running?'
const lab = document.querySelector('.lab')
if (lab) start(lab.dataset)

function start({ format, flow, user = '' }) {
  const breaks = [...document.querySelectorAll('[data-break]')]
  const editor = createEditor(document.getElementById('credential'), () => {
    press(null)
    void check()
  })
  let latest = 0
  let signed = null

  document.getElementById('sign').addEventListener('click', () => void sign())
  document.getElementById('send').addEventListener('click', () => {
    send(flow, editor.text).catch((error) => say(error.message))
  })
  for (const button of breaks) {
    button.addEventListener('click', () => void (button.dataset.break ? spoil(button) : sign()))
  }
  showRequests(document.getElementById('requests'))
  void sign()

  /** The page does not say who the user is: the backend knows from its own session. */
  async function sign() {
    try {
      const { status, answer } = await post(`/sign/${format}`, { 'x-shown-to': user })
      say(`POST /sign/${format} → ${status}${answer.title ? ` ${answer.title}` : ''}`)
      if (status === 409) say(`${answer.title}. Reload this page.`)
      if (status !== 200) return show('', breaks[0])
      signed = travelText(answer)
      await show(signed, breaks[0])
    } catch (error) {
      say(error.message)
    }
  }

  async function spoil(button) {
    try {
      const { status, answer } = await post(`/lab/${format}/break/${button.dataset.break}`)
      if (status !== 200) return say(answer.title)
      signed = answer.signed
      await show(answer.sent, button)
    } catch (error) {
      say(error.message)
    }
  }

  async function show(text, pressed) {
    press(pressed)
    editor.text = text
    await check()
  }

  function press(pressed) {
    for (const button of breaks) button.ariaPressed = String(button === pressed)
  }

  /** Asks about the text as it is now; an answer to an older text is dropped. */
  async function check() {
    const asked = ++latest
    const response = await fetch(`/lab/${format}/check`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: editor.text,
    }).catch(() => null)
    const page = response?.ok && new DOMParser().parseFromString(await response.text(), 'text/html')
    if (asked !== latest) return
    if (!page) return say(response ? `The app answered ${response.status}.` : AWAY)
    for (const id of ['decoded', 'checks', 'answer', 'causes']) {
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes)
    }
    editor.colour(JSON.parse(page.body.dataset.parts), signed)
  }
}

/** The timeline: the requests of both sites, as they happen. */
function showRequests(list) {
  const source = new EventSource('/lab/requests')
  source.addEventListener('open', () => list.replaceChildren())
  source.addEventListener('message', ({ data }) => {
    list.insertAdjacentHTML('beforeend', JSON.parse(data))
    while (list.children.length > SHOWN_REQUESTS) list.firstElementChild.remove()
  })
}

async function post(path, headers) {
  let response
  try {
    response = await fetch(path, { method: 'POST', headers })
  } catch {
    throw new Error(AWAY)
  }
  const answer = await response.json().catch(() => null)
  if (!answer) throw new Error(`The app answered ${response.status}, and not with JSON.`)
  return { status: response.status, answer }
}

function say(text) {
  document.querySelector('.call').textContent = text
}
