import { asking } from './support/lookup'
import { NOW } from './support/request'
import { CURRENT, PREVIOUS } from './support/secrets'

describe('the answers of a secret lookup', () => {
  it('SR-20 remembers a thousand unknown tenants and no more, and forgets no known one for them', async () => {
    const lookup = jest.fn(({ tenant }: { tenant: string | null }) =>
      tenant === 'demo' ? CURRENT : null,
    )
    const ask = asking(lookup)
    expect(await ask()).toBe('200')
    for (let index = 0; index < 10_000; index++) {
      expect(await ask({ workspace: `w${index}` })).toBe('401 signature_invalid')
    }
    expect(lookup).toHaveBeenCalledTimes(10_001)
    for (let index = 9_000; index < 10_000; index++) await ask({ workspace: `w${index}` })
    expect(await ask()).toBe('200')
    expect(lookup).toHaveBeenCalledTimes(10_001)
    await ask({ workspace: 'w8999' })
    expect(lookup).toHaveBeenCalledTimes(10_002)
  })

  it('SR-21 is asked once by a hundred requests at a time', async () => {
    const lookup = jest.fn(async () => CURRENT)
    const ask = asking(lookup)
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask()))
    expect(new Set(answers)).toEqual(new Set(['200']))
    expect(lookup).toHaveBeenCalledTimes(1)
  })

  it('SR-21 is asked again after a failure', async () => {
    const lookup = jest.fn(async () => CURRENT).mockRejectedValueOnce(new Error('no connection'))
    const ask = asking(lookup)
    const answers = await Promise.all([ask(), ask()])
    expect(answers).toEqual(['503 secret_unavailable', '503 secret_unavailable'])
    expect(lookup).toHaveBeenCalledTimes(1)
    expect(await ask()).toBe('200')
    expect(lookup).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['known', CURRENT, '200', PREVIOUS, '401 signature_invalid'],
    ['unknown', null, '401 signature_invalid', CURRENT, '200'],
  ])(
    'SR-22 is believed about a %s tenant for 60 seconds',
    async (_, before, first, after, then) => {
      let time = NOW
      const lookup = jest.fn((): string | null => before)
      const ask = asking(lookup, () => time)
      expect(await ask()).toBe(first)
      lookup.mockReturnValue(after)
      time = NOW + 59_999
      expect(await ask()).toBe(first)
      time = NOW + 60_000
      expect(await ask()).toBe(then)
      expect(lookup).toHaveBeenCalledTimes(2)
    },
  )

  it('SR-22 is asked anew where the clock was put back', async () => {
    let time = NOW
    const lookup = jest.fn(() => CURRENT)
    const ask = asking(lookup, () => time)
    await ask()
    time = NOW - 1_000
    expect(await ask()).toBe('200')
    expect(lookup).toHaveBeenCalledTimes(2)
  })
})
