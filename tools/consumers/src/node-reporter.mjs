// A reporter for node:test that counts tests, not the suites around them, as one line of JSON.
// oxlint-disable-next-line import/no-default-export -- node:test looks for it
export default async function* report(events) {
  const told = { passed: 0, failed: [], why: [] }
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details?.type === 'suite') continue
    if (type === 'test:pass' && data.skip === undefined && data.todo === undefined) told.passed++
    else told.failed.push(data.name)
    const { error } = data.details
    if (error) told.why.push(error.cause?.message ?? error.message)
  }
  yield JSON.stringify(told)
}
