import { cookies } from 'next/headers'
import { boardUser } from '../../lib/session'

/** The portal's side: a page for users with a session. `proxy.ts` makes it from a signed link. */
export default async function Board() {
  const user = boardUser((await cookies()).get('board')?.value)
  return <main>{user ? `Welcome, ${user.name}` : 'Open the board from your app.'}</main>
}
