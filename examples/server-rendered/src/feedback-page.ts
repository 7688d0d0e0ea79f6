interface FeedbackPage {
  readonly name: string
  /** The URL of the iframe. */
  readonly url: string
}

export function feedbackPage({ name, url }: FeedbackPage): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Feedback</title>
  </head>
  <body>
    <h1>What should we build next, ${escape(name)}?</h1>
    <iframe src="${escape(url)}" title="Feedback" width="100%" height="600" referrerpolicy="no-referrer"></iframe>
  </body>
</html>
`
}

/** Escapes text for use between tags and in quoted attributes. A template engine does this for you. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
