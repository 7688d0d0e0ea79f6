import type { VerificationError } from '@countersign/core'
import { FRAMEWORKS, type Framework } from './frameworks'
import type { Answer, Front, Handled } from './front'
import { sendRaw } from './raw-client'
import { answer, guard } from './steps'

/** Each framework behind a real socket. */
export const httpFronts: readonly Front[] = FRAMEWORKS.map(frontOf)

function frontOf(framework: Framework): Front {
  return {
    name: framework.name,
    isFetch: framework.family === 'fetch' || framework.family === 'hono',
    async open(portal, options = {}) {
      const errors: VerificationError[] = []
      const handled: Handled[] = []
      const rotations: true[] = []
      const guarded = guard(portal, {
        ...options,
        onRejected: (error) => void errors.push(error),
        onRotatedKey: () => void rotations.push(true),
      })
      const handler = answer(({ user, auth }) => {
        handled.push({ user, auth })
        return { user: user ?? null }
      })
      const server = await framework.serve([guarded, handler])
      return {
        async send(request): Promise<Answer> {
          const response = await sendRaw(server.port, request)
          const [error, ...otherErrors] = errors.splice(0)
          const [seen, ...otherCalls] = handled.splice(0)
          if (otherErrors.length + otherCalls.length > 0 || (error && seen)) {
            throw new Error('One request had more than one outcome')
          }
          const rotated = rotations.splice(0).length > 0
          const { status } = response
          return { status, code: error?.code ?? null, error, handled: seen, rotated, response }
        },
        close: () => server.close(),
      }
    },
  }
}
