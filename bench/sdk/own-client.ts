import { createInterface } from 'node:readline'
import { OpenShellClient, type WireLine } from '@openshell-ts/sdk'
import { type ClientTask, getsInARow, outputBytes } from './client-tasks.js'

/**
 * This client at the tasks of `official-client.py`, in a process of its own as that one is: `own-client ENDPOINT LINE`. Each line
 * of its input, TASK and REPETITION, is a task to do; it is answered with the milliseconds that it took.
 */
const [endpoint = '', line] = process.argv.slice(2)
const client = await OpenShellClient.connect({ endpoint: `http://${endpoint}`, wireLine: line as WireLine })
const shared = await client.sandboxes.create({ name: 'own-shared' })

const tasks: Readonly<Record<ClientTask, (name: string) => Promise<void>>> = {
  async 'first-output'(name) {
    const sandbox = await client.sandboxes.create({ name })
    const { stdoutText } = await sandbox.commands.run(['echo', 'first'])
    if (stdoutText !== 'first\n') throw new Error('The command printed something else.')
  },
  async gets() {
    for (let count = 0; count < getsInARow; count += 1) await client.sandboxes.get(shared.name)
  },
  async output() {
    const sandbox = await client.sandboxes.get(shared.name)
    const command = ['head', '-c', String(outputBytes), '/dev/zero']
    const { stdout } = await sandbox.commands.run(command, { maxOutputBytes: outputBytes })
    if (stdout.length !== outputBytes) throw new Error(`${stdout.length} bytes came in place of ${outputBytes}.`)
  },
}

for await (const order of createInterface({ input: process.stdin })) {
  const [task, repetition] = order.split(' ')
  const name = `own-${repetition}`
  const startedAt = performance.now()
  await tasks[task as ClientTask](name)
  console.log(performance.now() - startedAt)
  if (task === 'first-output') await (await client.sandboxes.get(name)).delete()
}
await shared.delete()
await client.close()
