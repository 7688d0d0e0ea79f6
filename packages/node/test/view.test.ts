import { nodeView } from '../src'
import { overHttp, post } from './over-http'

describe('nodeView', () => {
  it('shows method and target, and the values of a header as they were sent', async () => {
    const headers = ['X-A: one', 'x-b: other', 'x-A:  two ', 'X-a: one, two', 'Authorization: a']
    const bytes = post('', [...headers, 'Authorization: b'])
    const seen = await overHttp(bytes, (req) => {
      const native = { req }
      const view = nodeView({ req, native, target: '/elsewhere?b=2', holder: {} })
      return {
        ...{ method: view.method, target: view.target, same: view.native === native },
        ...{ a: view.headers('x-a'), two: view.headers('authorization'), c: view.headers('x-c') },
      }
    })
    expect(seen).toEqual({
      ...{ method: 'POST', target: '/elsewhere?b=2', same: true },
      ...{ a: ['one', 'two', 'one, two'], two: ['a', 'b'], c: [] },
    })
  })

  it('does not mistake the value of a header for a name', async () => {
    const bytes = post('', ['X-A: x-b', 'x-b: found'])
    const seen = await overHttp(bytes, (req) =>
      nodeView({ req, native: req, target: '/', holder: {} }).headers('x-b'),
    )
    expect(seen).toEqual(['found'])
  })

  it('reads no byte of a body that nobody asks for', async () => {
    const touched = await overHttp(post('body'), (req) => {
      const view = nodeView({ req, native: req, target: '/', holder: {} })
      view.headers('x-signature')
      return [req.readableDidRead, req.readableFlowing, req.listenerCount('readable')]
    })
    expect(touched).toEqual([false, null, 0])
  })

  it('gives the body within the limit that it is asked for', async () => {
    const bytes = await overHttp(post('body'), (req) =>
      nodeView({ req, native: req, target: '/', holder: {} }).body(4),
    )
    expect(Buffer.from(bytes).toString()).toBe('body')
    const refused = overHttp(post('body!'), (req) =>
      nodeView({ req, native: req, target: '/', holder: {} }).body(4),
    )
    await expect(refused).rejects.toMatchObject({ code: 'body_too_large', status: 413 })
  })
})
