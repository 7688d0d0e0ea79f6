/** What a page says after something was done. The address names it; the text is ours. */
const NOTICES = {
  voted: 'Your vote counts.',
  'voted-before': 'You have voted for this already. It counts once.',
  suggested: 'Thank you. Your idea is on the board, with your vote.',
  'title-missing': 'An idea needs a few words.',
  commented: 'Your comment is on the board.',
  'comment-missing': 'There was nothing in that comment.',
} as const

export type Notice = keyof typeof NOTICES

/** @returns `undefined` for anything that we did not write */
export function noticeText(name: unknown): string | undefined {
  return typeof name === 'string' && Object.hasOwn(NOTICES, name)
    ? NOTICES[name as Notice] // it is one of them
    : undefined
}
