// Sends a board's small forms without leaving the page. Without this script they work as they are.

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!('quiet' in form.dataset)) return
  event.preventDefault()
  void send(form)
})

async function send(form) {
  const button = form.querySelector('button')
  if (button.ariaBusy === 'true') return
  button.ariaBusy = 'true' // a disabled button would lose the keyboard's focus
  try {
    const body = new URLSearchParams(new FormData(form))
    const response = await fetch(form.action, { method: 'POST', body })
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html')
    if (!answer.querySelector('header')) throw new Error('not a page of ours')
    update(answer, form, response.ok && !response.url.includes('-missing'))
  } catch {
    say('The portal cannot be reached. Please try again.')
  } finally {
    button.ariaBusy = null
  }
}

/** Takes over the page that the server answered with, and keeps what was being written. */
function update(answer, form, sent) {
  const drafts = [...document.querySelectorAll('main :is(input, textarea):not([type=hidden])')]
    .filter(({ form: owner, value }) => value && !(sent && owner === form))
    .map(({ id, value }) => [id, value])
  for (const part of ['header', 'main']) {
    document.querySelector(part).replaceChildren(...answer.querySelector(part).childNodes)
  }
  for (const [id, value] of drafts) {
    const field = document.getElementById(id)
    if (!field) continue
    field.value = value
    field.closest('details')?.setAttribute('open', '')
  }
  say(answer.querySelector('[role=status]').textContent)
  focusOn(document.getElementById(form.id))
}

function focusOn(form) {
  const closed = form?.closest('details:not([open])')
  const target = closed ? closed.querySelector('summary') : form?.querySelector('button')
  ;(target ?? document.querySelector('h1')).focus({ preventScroll: true })
}

function say(text) {
  document.querySelector('[role=status]').textContent = text
}
