import { FAULTS, type Fault } from '@countersign/replay-proof'
import { itWith } from './servers-here'

/** Faults of these kinds, as tests; those whose server is missing are skipped, or fail. */
export function testFaults(...kinds: readonly (keyof typeof FAULTS)[]): void {
  describe.each(kinds)('%s', (kind) => {
    it('has faults', () => expect(FAULTS[kind]?.length).toBeGreaterThan(0))
    for (const fault of FAULTS[kind] ?? []) testFault(fault)
  })
}

function testFault(fault: Fault): void {
  const { store, name, expected, verdict = 'held', run } = fault
  // an unhandled rejection in this very process fails the test by itself
  itWith(store)(`${verdict === 'lost' ? 'loses' : 'holds'}: ${name} (${store})`, async () => {
    const { during, replays, recovered, unhandled } = await run()
    // the answers came while it lasted: nobody waited for the end of it
    expect(during).toEqual(expected)
    if (verdict === 'lost') expect(replays).toBeGreaterThan(0)
    else expect(replays).toBe(0)
    expect({ recovered, unhandled }).toEqual({ recovered: true, unhandled: 0 })
  })
}
