import { serverOrSkip } from '@countersign/test-servers'

const name = 'COUNTERSIGN_REQUIRE_SERVERS'
const before = process.env[name]

describe('a server that tests need', () => {
  afterEach(() => {
    jest.restoreAllMocks()
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })

  it('lets them run where it is installed', () => {
    process.env[name] = '1'
    expect(serverOrSkip('redis-server', { program: '/usr/bin/redis-server' })).toBe(true)
  })

  it('skips them with one line where it is missing', () => {
    delete process.env[name]
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(serverOrSkip('redis-server', undefined)).toBe(false)
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^SKIPPED: no redis-server here/)]])
  })

  it('fails them where it is missing and required', () => {
    process.env[name] = '1'
    expect(() => serverOrSkip('redis-server', undefined)).toThrow('SKIPPED: no redis-server here')
  })
})
