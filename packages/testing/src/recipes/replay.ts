import type { How, Recipes } from './recipe'

const good: How = ({ good: sent, place }) => place(sent)

export const replayDefects: Recipes<'replay'> = {
  replayed: {
    needs: ({ portal }) => portal.scheme.singleUse !== undefined,
    when: ({ scheme }, { replayStore }) =>
      scheme.singleUse?.when === 'always' || replayStore !== undefined,
    before: good,
    how: good,
  },
}
