import { answers } from './answers'
import { letIn } from './lenient'
import { mounting } from './mounting'
import { replay } from './replay'
import { signing } from './signing'
import { expectCaught, unproven } from './species'

let warned: jest.SpyInstance
beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // mistakes are reported there
afterAll(() => warned.mockRestore())

describe.each([
  ['an app', [...mounting, ...letIn, ...answers, ...replay]],
  ['a sign endpoint', signing],
])('the cases catch %s that', (_, all) => {
  it.each([...all])('$name', (each) => expectCaught(each))

  it('fails any of them, unless a mutation does', () => {
    expect(unproven(all)).toEqual([])
  })
})
