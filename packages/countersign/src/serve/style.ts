/** The style sheet of the debugger. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfaf8, #16181c); --card: light-dark(#fff, #1e2126);
  --ink: light-dark(#1f2328, #e8e6e3); --quiet: light-dark(#5b636d, #a5adb8);
  --line: light-dark(#e3e1dc, #33373e); --accent: light-dark(#3b4cca, #a5b0ff);
  --on-accent: light-dark(#fff, #14172b); --good: light-dark(#17663a, #7fd6a0);
  --good-ground: light-dark(#e6f4ea, #17301f); --bad: light-dark(#a3221a, #ff9d94);
  --bad-ground: light-dark(#fdecea, #3a1d1a); --code: light-dark(#f4f2ee, #15171a);
  --mark: light-dark(#ffd7d1, #5c231d); --mark-line: light-dark(#a3221a, #ff9d94);
  --header: light-dark(#8250df, #c9a5ff); --payload: light-dark(#0b5cad, #84bfff);
  --signature: light-dark(#9a4a00, #ffb572); --timestamp: light-dark(#17663a, #7fd6a0);
  --tenant: light-dark(#5b636d, #a5adb8);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box }
body {
  margin: 0 auto; max-width: 84rem; padding: 0 1.5rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif;
}
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--card); z-index: 1 }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; padding: 1.5rem 0 1rem }
h1 { margin: 0; font-size: 1.25rem; font-weight: 650; letter-spacing: -.01em }
h1 span { font-weight: 400; color: var(--quiet) }
header p { margin: 0; color: var(--quiet); overflow-wrap: anywhere }
.languages { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0 0 0 auto; padding: 0; border: 0 }
.languages legend { float: left; padding: .2rem .5rem 0 0; color: var(--quiet); font-size: .875rem }
.languages label { cursor: pointer }
.languages input { position: absolute; opacity: 0 }
.languages span {
  display: block; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 99px;
  background: var(--card); font-size: .875rem;
}
.languages :checked + span { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
:focus-visible, .languages :focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem; align-items: start }
section { min-width: 0; padding: 1.25rem 1.5rem 1.5rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card) }
h2 { margin: 0 0 .75rem; font-size: 1.125rem }
h3 { margin: 1.5rem 0 .5rem; font-size: .9375rem }
label { display: block; color: var(--quiet); font-size: .875rem }
textarea, input:not([type]) {
  width: 100%; margin: .25rem 0 .75rem; padding: .5rem .65rem; border: 1px solid var(--quiet); border-radius: 8px;
  background: var(--ground); color: var(--ink); font: .875rem/1.5 var(--mono);
}
textarea { resize: vertical; overflow-wrap: anywhere }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0 .75rem }
::placeholder { color: var(--quiet); opacity: 1 }
button {
  padding: .4rem 1.1rem; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent);
  color: var(--on-accent); font: 600 .9375rem/1.4 system-ui, sans-serif; cursor: pointer;
}
.hint { color: var(--quiet) }
.verdict { margin: 1rem 0; padding: .6rem .9rem; border-radius: 8px; overflow-wrap: anywhere }
.verdict strong { margin-right: .5rem }
.accepted { background: var(--good-ground); color: var(--good) }
.refused { background: var(--bad-ground); color: var(--bad) }
.causes, .steps { margin: 0; padding-left: 1.4rem }
.causes:has(> :only-child) { padding-left: 0; list-style: none }
.causes li + li { margin-top: 1.5rem }
.causes h3 { margin: 0; font-size: 1rem }
.causes p { margin: .25rem 0 .5rem }
.id { color: var(--quiet); font-size: .8125rem }
pre {
  margin: 0; padding: .6rem .75rem; border-radius: 8px; background: var(--code); overflow-x: auto;
  font: .8125rem/1.6 var(--mono);
}
code { font-family: var(--mono) }
.wrap { white-space: pre-wrap; overflow-wrap: anywhere }
.code { display: none; margin: .5rem 0 0 }
.code pre { white-space: pre-wrap; overflow-wrap: anywhere }
figcaption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
body:has(#in-javascript:checked) [data-language='javascript'],
body:has(#in-python:checked) [data-language='python'],
body:has(#in-php:checked) [data-language='php'],
body:has(#in-ruby:checked) [data-language='ruby'],
body:has(#in-curl:checked) [data-language='curl'] { display: block }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 .4rem; padding: 0; list-style: none; font-size: .8125rem }
.part.header { color: var(--header) } .part.payload, .part.body { color: var(--payload) }
.part.signature { color: var(--signature) } .part.timestamp { color: var(--timestamp) }
.part.tenant { color: var(--tenant) }
mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--mark-line) }
mark .part { color: inherit }
dl { margin: .75rem 0 0; font-size: .875rem }
dl div { display: flex; gap: .75rem } dt { min-width: 5.5rem; color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
a { color: var(--accent) }
@media (prefers-reduced-motion: no-preference) { button, .languages span { transition: background-color .12s, color .12s } }
`
