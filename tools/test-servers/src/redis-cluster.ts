import { eventually } from './eventually'
import { freePort } from './processes'
import { askRedis, startRedis, type RedisServer } from './redis'

/** Three masters that share the 16,384 slots. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[]
  stop(): Promise<void>
}

/** What each of the nodes serves. */
const SLOTS = ['0 5460', '5461 10922', '10923 16383']

/** Starts a cluster on loopback. A node that is lost takes its slots with it, the others go on. */
export async function startRedisCluster({
  args = [],
}: { readonly args?: readonly string[] | undefined } = {}): Promise<RedisCluster> {
  const nodes: RedisServer[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  try {
    const buses: number[] = []
    for (let number = 0; number < SLOTS.length; number++) {
      const bus = await freePort()
      buses.push(bus)
      nodes.push(await startRedis({ args: [...CLUSTER, '--cluster-port', String(bus), ...args] }))
    }
    await join(nodes, buses)
    return { nodes, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const CLUSTER = [
  ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
  ...['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no'],
]

async function join(nodes: readonly RedisServer[], buses: readonly number[]): Promise<void> {
  for (const [index, { port }] of nodes.entries()) {
    await order(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`)
    await order(port, `CLUSTER ADDSLOTSRANGE ${SLOTS[index]}`)
    await order(port, `CLUSTER MEET 127.0.0.1 ${nodes[0]!.port} ${buses[0]}`)
  }
  for (const { port } of nodes) await eventually(() => isWhole(port))
}

async function order(port: number, command: string): Promise<void> {
  const reply = await askRedis(port, command)
  if (reply !== '+OK\r\n') throw new Error(`${command} was answered with ${reply}`)
}

async function isWhole(port: number): Promise<boolean> {
  const info = await askRedis(port, 'CLUSTER INFO')
  const all = [`cluster_known_nodes:${SLOTS.length}`, 'cluster_slots_ok:16384']
  return ['cluster_state:ok', ...all].every((line) => info.includes(`${line}\r\n`))
}
