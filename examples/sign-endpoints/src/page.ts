import { dirname, join } from 'node:path'

/** Forms that open a tab. They need no script, and no pop-up blocker stops them. */
function button(action: string, text: string): string {
  return `<form method="post" action="${action}" target="_blank" rel="noopener">
  <button>${text}</button>
</form>`
}

/** The page of the app. */
export const page: string = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Feedback</title>
<h1>Feedback</h1>
${button('/api/featkit/sign', 'Feature requests')}
${button('/api/harlyy/sign', 'Survey')}
${button('/api/fdback/open', 'Ideas')}
<div id="board"></div>
<script src="/countersign.js"></script>
<script>
  countersign.embedPortal(document.querySelector('#board'), '/api/seggwat/sign', { title: 'Board' })
</script>
`

/** @countersign/client for a script tag, in the installed package. */
export const script: string = join(
  dirname(require.resolve('@countersign/client/package.json')),
  'dist/countersign.js',
)
