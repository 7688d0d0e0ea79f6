// Prints as many free ports as it is asked for: `node tools/scripts/free-ports.mjs 2`.
import { once } from 'node:events'
import { createServer } from 'node:net'

const servers = Array.from({ length: Number(process.argv[2] ?? 1) }, () => createServer().listen(0))
await Promise.all(servers.map((server) => once(server, 'listening')))
console.log(servers.map((server) => server.address().port).join(' '))
for (const server of servers) server.close()
