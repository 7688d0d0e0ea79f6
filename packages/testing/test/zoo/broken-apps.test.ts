import { answers } from './answers'
import { letIn } from './lenient'
import { mounting } from './mounting'
import { replay } from './replay'
import { expectCaught, unproven } from './species'

let warned: jest.SpyInstance
beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // mistakes are reported there
afterAll(() => warned.mockRestore())

const apps = [...mounting, ...letIn, ...answers, ...replay]

describe('the cases catch an app that', () => {
  it.each(apps)('$name', async (each) => {
    await expectCaught(each)
  })
})

it('every case catches one of them, or a mutation', () => {
  expect(unproven(apps)).toEqual([])
})
