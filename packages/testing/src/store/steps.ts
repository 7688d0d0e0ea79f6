import { MINUTE, newKey, trialOf, type Trial } from './trial'

const CALLERS = 64

export async function saysWhatItIs({ store, options, fault }: Trial): Promise<void> {
  const { durable, leases } = store
  if (typeof durable === 'boolean' && (leases === undefined || options.leases)) return
  const untested = leases ? 'leases that are not tested' : 'no leases'
  fault('durable', `a value of type ${typeof durable}, and ${untested}`)
}

/** @param methods that callers use in turn */
export async function hasOneWinner(
  { ask, fault, store }: Trial,
  methods: readonly string[],
): Promise<void> {
  const key = newKey()
  if (methods.includes('reserve') && !store.leases) fault('leases', 'a store without `leases`')
  const requests = Array.from({ length: CALLERS }, (_, index) => {
    const method = methods[index % methods.length]
    return method === 'reserve' ? reserveAs(store, key, `owner-${index}`) : ask('claim', key)
  })
  const answers = await Promise.all(requests)
  // any sign of success counts here: what else is wrong with it, other cases tell
  const winners = answers.filter(
    (answer) => Boolean(answer) && !/^(?:leased|used)$/.test(String(answer)),
  )
  if (winners.length === 1) return
  fault(methods.join('` and `'), `${winners.length} of ${CALLERS} callers at once were the first`)
}

async function reserveAs({ leases }: Trial['store'], key: string, owner: string): Promise<unknown> {
  return leases?.reserve(key, { owner, duration: MINUTE })
}

export async function runsSideBySide({ ask, fault }: Trial): Promise<void> {
  const keys = Array.from({ length: CALLERS }, newKey)
  for (const wanted of [true, false]) {
    const answers = await Promise.all(keys.map((key) => ask('claim', key)))
    const wrong = answers.find((answer) => answer !== wanted)
    if (wrong !== undefined)
      fault('claim', `${String(wrong)} for one of ${CALLERS} keys at once; expected ${wanted}`)
  }
}

/** Some stores count a lifetime in the wrong unit. */
export async function waits(trial: Trial): Promise<void> {
  await trial.run('claim → true')
  await trial.pass(1_100)
  await trial.run('has → true, claim → false')
}

const BATCH = 100

export async function forgetsNone({ ask, fault, options }: Trial): Promise<void> {
  const { entries = 2_000 } = options
  const first = Array.from({ length: CALLERS }, newKey)
  for (const key of first) await ask('claim', key)
  for (let count = CALLERS; count < entries; count += BATCH) {
    const more = Array.from({ length: BATCH }, () => ask('claim', newKey()).catch(() => 'full'))
    if ((await Promise.all(more)).includes('full')) break // it may refuse more
  }
  const known = await Promise.all(first.map((key) => ask('has', key)))
  const lost = known.filter((answer) => answer !== true).length
  if (lost > 0)
    fault('has', `${lost} of the first ${CALLERS} keys were forgotten, after ${entries} claims`)
}

/** The key of one handle must be known to another. */
export async function sharesKeys({ ask, options, fault }: Trial): Promise<void> {
  const key = newKey()
  await ask('claim', key)
  const store = await options.peer?.()
  if (!store) return
  const peer = trialOf(store, options, { lesson: '', where: '' })
  const [has, claim] = [await peer.ask('has', key), await peer.ask('claim', key)]
  if (has === true && claim === false) return
  fault(
    'has` and `claim',
    `${String(has)} and ${String(claim)} on another handle; expected true and false`,
  )
}
