import { answers } from './answers'
import { letIn } from './lenient'
import { mounting } from './mounting'
import { replay } from './replay'
import { expectCaught } from './species'

let warned: jest.SpyInstance
beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // mistakes are reported there
afterAll(() => warned.mockRestore())

describe('the cases catch an app that', () => {
  it.each([...mounting, ...letIn, ...answers, ...replay])('$name', async (each) => {
    await expectCaught(each)
  })
})
