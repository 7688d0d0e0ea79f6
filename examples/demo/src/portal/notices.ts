import type { Visitor } from './visitor'

/** What a page says after an action. The address names the notice; the text is ours. */
const NOTICES = {
  voted: 'Your vote is counted.',
  'voted-before': 'You have already voted for this. Each person has one vote.',
  suggested: 'Thank you. Your idea is on the board, with your vote.',
  'title-missing': 'Please enter a title for your idea.',
  commented: 'Your comment is on the board.',
  'comment-missing': 'Your comment is empty.',
} as const

/** `arrived` follows the exchange of a signed link; what it says depends on the session. */
export type Notice = keyof typeof NOTICES | 'arrived'

/** @returns `undefined` for any name that is not ours */
export function noticeText(name: unknown, visitor: Visitor | null): string | undefined {
  if (name === 'arrived') return arrival(visitor)
  return typeof name === 'string' && Object.hasOwn(NOTICES, name)
    ? NOTICES[name as keyof typeof NOTICES] // it is one of them
    : undefined
}

function arrival(visitor: Visitor | null): string {
  if (!visitor) {
    return 'Your signature was right, but your browser did not keep this site’s cookie, so you are not signed in here. Allow cookies for this site, or open the board in a tab of its own.'
  }
  if (visitor.previous)
    return `You were signed in as ${visitor.previous}. Now you are ${visitor.name}.`
  return `You are signed in as ${visitor.name}.`
}
