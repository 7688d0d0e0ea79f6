import { ConfigError, isRejection, type ConfigReason } from '@countersign/core'

const fault = { problem: 'The door is open', fix: 'Close it' }

describe('the developer’s mistake', () => {
  it('says what is wrong and what to change', () => {
    const error = new ConfigError('option_invalid', fault)
    expect(error.message).toBe('The door is open. Close it.')
    expect(error).toMatchObject({ name: 'ConfigError', reason: 'option_invalid', fix: 'Close it' })
    expect(error).toBeInstanceOf(TypeError)
  })

  it('is a bare 500 to a framework that it reaches', () => {
    const error = new ConfigError('secret_missing', fault)
    expect(error).toMatchObject({ status: 500, statusCode: 500, expose: false, headers: {} })
  })

  it.each<[ConfigReason, string]>([
    ['raw_body_unavailable', 'raw_body_unavailable'],
    ['clock_invalid', 'clock_invalid'],
    ['no_guard', 'misconfigured'],
    ['secret_reuse', 'misconfigured'],
  ])('has the code of its reason: %s is %s', (reason, code) => {
    expect(new ConfigError(reason, fault).code).toBe(code)
  })

  it('is no rejection', () => {
    expect(isRejection(new ConfigError('no_guard', fault))).toBe(false)
  })
})
