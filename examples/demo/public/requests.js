// The timeline: the requests of both sites, as they happen.

const SHOWN = 12

export function showRequests(list) {
  const source = new EventSource('/lab/requests')
  source.addEventListener('open', () => list.replaceChildren())
  source.addEventListener('message', ({ data }) => {
    list.append(lineOf(JSON.parse(data)))
    while (list.children.length > SHOWN) list.firstElementChild.remove()
  })
}

function lineOf({ at, site, method, url, status, to, refused }) {
  const line = element('li', '', '')
  line.dataset.site = site
  line.title = at
  line.append(
    element('span', 'site', site),
    element('code', '', `${method} ${url}`),
    element('strong', '', String(status)),
  )
  if (to) line.append(element('small', '', `→ ${to}`))
  if (refused) line.append(element('small', 'refused', `${refused.code} · log: ${refused.log}`))
  return line
}

function element(name, className, textContent) {
  return Object.assign(document.createElement(name), { className, textContent })
}
