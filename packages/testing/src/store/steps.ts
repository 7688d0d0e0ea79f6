import { newKey, Trial } from './trial'

const CALLERS = 64

export async function saysWhatItIs(trial: Trial): Promise<void> {
  const { durable, leases } = trial.store
  if (typeof durable === 'boolean' && (leases === undefined || trial.options.leases)) return
  const untested = leases ? 'leases that are not tested' : 'no leases'
  trial.fault('durable', `a value of type ${typeof durable}, and ${untested}`)
}

/** @param methods that callers use in turn */
export async function hasOneWinner(trial: Trial, methods: readonly string[]): Promise<void> {
  const key = newKey()
  if (methods.includes('reserve') && !trial.store.leases)
    trial.fault('leases', 'a store without `leases`')
  const requests = Array.from({ length: CALLERS }, (_, index) =>
    trial.ask(methods[index % methods.length]?.replace('reserve', `reserve o${index}`) ?? '', key),
  )
  const answers = await Promise.all(requests)
  // any sign of success counts here: what else is wrong with it, other cases tell
  const winners = answers.filter((each) => Boolean(each) && each !== 'leased' && each !== 'used')
  if (winners.length === 1) return
  const what = `${winners.length} of ${CALLERS} callers at the same time were the first`
  trial.fault(methods.join('` and `'), what)
}

export async function runsSideBySide(trial: Trial): Promise<void> {
  const keys = Array.from({ length: CALLERS }, newKey)
  for (const wanted of [true, false]) {
    const answers = await Promise.all(keys.map((key) => trial.ask('claim', key)))
    if (answers.every((answer) => answer === wanted)) continue
    trial.fault(
      'claim',
      `${!wanted} for one of ${CALLERS} keys at the same time; expected ${wanted}`,
    )
  }
}

/** Some stores count a lifetime in the wrong unit. */
export async function waits(trial: Trial): Promise<void> {
  await trial.run('claim → true')
  await trial.pass(1_100)
  await trial.run('has → true, claim → false')
}

const BATCH = 100

export async function forgetsNone(trial: Trial): Promise<void> {
  const { entries = 2_000 } = trial.options
  const first = Array.from({ length: CALLERS }, newKey)
  for (const key of first) await trial.ask('claim', key)
  for (let count = CALLERS; count < entries; count += BATCH) {
    const more = Array.from({ length: BATCH }, () =>
      trial.ask('claim', newKey()).catch(() => 'full'),
    )
    if ((await Promise.all(more)).includes('full')) break // it may refuse more
  }
  const known = await Promise.all(first.map((key) => trial.ask('has', key)))
  const lost = known.filter((answer) => answer !== true).length
  if (lost === 0) return
  trial.fault('has', `${lost} of the first ${CALLERS} keys were forgotten, after ${entries} claims`)
}

/** The key of one handle must be known to another. */
export async function sharesKeys(trial: Trial): Promise<void> {
  const key = newKey()
  await trial.ask('claim', key)
  const store = await trial.options.peer?.()
  if (!store) return
  const peer = new Trial(store, trial.options, { lesson: '', where: '' })
  const [has, claim] = [await peer.ask('has', key), await peer.ask('claim', key)]
  if (has === true && claim === false) return
  const received = `${String(has)} and ${String(claim)} on another handle; expected true and false`
  trial.fault('has` and `claim', received)
}
