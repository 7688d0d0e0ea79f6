import request from 'supertest'
import { openTarget } from '../../src/wire/target'
import { echo, echoed } from './echo'

describe('an agent of supertest', () => {
  it('keeps its cookies and defaults, beside what a case sends', async () => {
    const agent = request.agent(echo).set('X-Api-Key', 'k1')
    const target = await openTarget(agent, 5_000)
    await target.send({ target: '/login' }) // which sets a=1 and b=2
    const { rawHeaders } = await echoed(target, {
      target: '/',
      headers: [
        ['cookie', 'c=3'],
        ['cookie', 'd=4'],
      ],
    })
    const valueOf = (name: string): string | undefined =>
      rawHeaders[rawHeaders.findIndex((each) => each.toLowerCase() === name) + 1]
    expect(valueOf('cookie')?.split('; ').sort()).toEqual(['a=1', 'b=2', 'c=3', 'd=4'])
    expect(valueOf('x-api-key')).toBe('k1')
  })

  it('lets a case send another value than its default', async () => {
    const agent = request.agent(echo).set('X-Api-Key', 'k1')
    const target = await openTarget(agent, 5_000)
    const { rawHeaders } = await echoed(target, { target: '/', headers: [['x-api-key', 'k2']] })
    expect(rawHeaders).toContain('k2')
    expect(rawHeaders).not.toContain('k1')
  })
})
