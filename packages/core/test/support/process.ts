/** Runs `work` as in production. */
export function inProduction<Result>(work: () => Result): Result {
  const replaced = jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' })
  try {
    return work()
  } finally {
    replaced.restore()
  }
}

/** Catches the process's warnings; `restoreAllMocks` ends it. */
export function catchWarnings() {
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  return {
    codes: (): string[] => spy.mock.calls.map(([, options]) => (options as { code: string }).code), // as `warn` calls it
    texts: (): string[] => spy.mock.calls.map(([text]) => String(text)),
  }
}

/** Catches the warnings of each test around it, and restores all mocks after it. */
export function catchingWarnings() {
  let caught: ReturnType<typeof catchWarnings>
  beforeEach(() => {
    caught = catchWarnings()
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })
  return {
    count: (code: string): number => caught.codes().filter((each) => each === code).length,
    texts: (): string[] => caught.texts(),
  }
}

/** Lets everything that is due happen, also what nobody waits for. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve))
  })
}
