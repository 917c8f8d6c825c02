import { OpenShellClient } from '@openshell-ts/sdk'
import { alternateTurns } from '../alternate-turns.js'
import { ChildServer } from '../child-server.js'
import { type Comparison, slowerAtMost } from '../comparison.js'
import { createRawClient } from './raw-client.js'

/** A read of a sandbox, one after the other, against the generated client alone. */
export async function unaryCost(): Promise<Comparison> {
  await using server = await ChildServer.start('gateway-server')
  await using client = await OpenShellClient.connect({ endpoint: `http://127.0.0.1:${server.port}`, wireLine: '0.0' })
  const raw = createRawClient(server.port)
  await client.sandboxes.create({ name: 'box' })
  const [own, bare] = await alternateTurns(
    [
      { name: 'sandboxes.get', run: () => client.sandboxes.get('box') },
      { name: 'getSandbox of connect-node', run: () => raw.getSandbox({ workspace: 'default', name: 'box' }) },
    ],
    { rounds: 20, callsATurn: 300 },
  )
  return { title: 'a unary call', timings: [own, bare], verdicts: [slowerAtMost(own, bare, 1.15)] }
}
