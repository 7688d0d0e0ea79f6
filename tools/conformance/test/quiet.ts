/** Keeps warnings out of the output of tests that refuse many requests. Returns the warnings so far. */
export function quiet(): () => string {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
  afterAll(() => warned.mockRestore())
  return () => JSON.stringify(warned.mock.calls)
}
