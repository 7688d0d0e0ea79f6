/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The script of the debugger's page.

/** Time without typing after which a check starts, in milliseconds. */
const PAUSE_BEFORE_CHECK = 200

for (const form of document.querySelectorAll('form')) {
  let timer = 0
  const update = async (): Promise<void> => {
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>) // it has no files
    const response = await fetch(form.action, { method: 'POST', body })
    const result = form.nextElementSibling as HTMLElement // see the page
    result.innerHTML = await response.text()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void update()
  })
  if ('live' in form.dataset) {
    form.addEventListener('input', () => {
      clearTimeout(timer)
      timer = window.setTimeout(() => void update(), PAUSE_BEFORE_CHECK)
    })
  }
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
}
