/** `llms.txt` (llmstxt.org): the table of contents, with links to the pages as Markdown. */
export function llmsText(contents) {
  const sections = contents
    .replace(/^# .*$/m, '')
    .replace(/^\*\*(.+?)\*\*.*$/gm, '## $1')
    .replace(/^Whole applications[\s\S]*$/m, '')
    .trim()
  return `# Countersign

> Your users reach your feedback portal already signed in. The app's backend signs who its user is (\`signEndpoint\`), the
> portal verifies it (\`requireSignedUser\`). TypeScript middleware for Express, Koa, Fastify, Hono, Next.js and Workers.

To add it to an app, follow [add signed users to an app](add-signed-users.md): the user comes from the app's own session only,
the secret stays on the server, and \`@countersign/testing\` checks both. If a link is refused, read the code in the log and look
it up in [when a link is refused](refused-links.md).

${sections}

## API reference

- [API](api/index.md): every export, with its options, units and errors.
`
}
