import { signing } from './signing'
import { expectCaught, unproven } from './species'

let warned: jest.SpyInstance
beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // mistakes are reported there
afterAll(() => warned.mockRestore())

describe('the cases catch a sign endpoint that', () => {
  it.each([...signing])('$name', async (each) => {
    await expectCaught(each)
  })
})

it('every case catches one of them, or a mutation', () => {
  expect(unproven(signing)).toEqual([])
})
