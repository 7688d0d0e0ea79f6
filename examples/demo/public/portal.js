// Sends a board's small forms without leaving the page. Without this script they work as they are.

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!('quiet' in form.dataset)) return
  event.preventDefault()
  void send(form)
})

async function send(form) {
  const button = form.querySelector('button')
  if (button.disabled) return
  button.disabled = true
  try {
    const body = new URLSearchParams(new FormData(form))
    const response = await fetch(form.action, { method: 'POST', body })
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html')
    update(answer, form.id)
  } catch {
    button.disabled = false
    say('That did not get through. Please try again.')
  }
}

/** Takes over the page that the server answered with, and leaves the reader where they were. */
function update(answer, formId) {
  document.querySelector('main').replaceChildren(...answer.querySelector('main').childNodes)
  say(answer.querySelector('[role=status]').textContent)
  document.querySelector(`#${formId} button, #${formId} input`)?.focus({ preventScroll: true })
}

function say(text) {
  document.querySelector('[role=status]').textContent = text
}
