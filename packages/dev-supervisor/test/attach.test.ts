import { once } from 'node:events'
import type { ClientChannel } from 'ssh2'
import { expect, test } from 'vitest'
import { startSandbox } from './sandbox.js'
import { collect, type SshEnd } from './ssh-end.js'

const main = (line: string, tty = false) => ({ mainProcess: { command: ['/bin/sh', '-c', line] as const, tty } })

/** Reads until this text has come. */
async function heard(channel: ClientChannel, text: string): Promise<string> {
  let seen = ''
  for await (const bytes of channel.iterator({ destroyOnReturn: false })) {
    seen += String(bytes)
    if (seen.includes(text)) break
  }
  return seen
}

function attach(ssh: SshEnd, environment: Record<string, string> = {}): Promise<ClientChannel> {
  return ssh.attach(environment)
}

test('a client sees what the main process has said before, writes its input, and gets its exit code', async () => {
  await using sandbox = await startSandbox(main('echo hello; read line; echo "got $line"; exit 3'))
  await expect.poll(() => sandbox.mainOutput()).toContain('hello')
  const channel = await attach(await sandbox.gateway.openSsh())
  await heard(channel, 'hello\n')
  const rest = collect(channel)
  channel.write('a line\n')
  const { stdout, exitStatus } = await rest
  expect(stdout.toString()).toBe('got a line\n')
  expect(exitStatus).toBe(3)
})

test('only the first client has the input; the next one is told, and one that only watches is not', async () => {
  await using sandbox = await startSandbox(main('while read line; do echo "got $line"; done'))
  const owner = await attach(await sandbox.gateway.openSsh())
  const second = await attach(await sandbox.gateway.openSsh())
  expect(String((await once(second.stderr, 'data'))[0])).toContain('another client has the input')
  second.write('from the second\n')
  owner.write('from the owner\n')
  expect(await heard(second, '\n')).toBe('got from the owner\n')
  owner.resume().close()
  await once(owner, 'close')
  const watching = await attach(await sandbox.gateway.openSsh(), { OPENSHELL_MAIN_READ_ONLY: '1' })
  watching.write('from the watcher\n')
  const next = await attach(await sandbox.gateway.openSsh())
  next.write('from the next\n')
  expect(await heard(watching, 'next\n')).toBe('got from the owner\ngot from the next\n')
})

test('signals reach the whole group of the main process', async () => {
  await using sandbox = await startSandbox(
    main("trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.1; done"),
  )
  const channel = await attach(await sandbox.gateway.openSsh())
  await heard(channel, 'ready\n')
  channel.signal('INT')
  expect(await collect(channel)).toMatchObject({ exitStatus: 9 })
  expect((await sandbox.supervisor.exited).exitCode).toBe(9)
})

test('a terminal is resized by whoever has the input, and the keys Ctrl-P Ctrl-Q leave it running', async () => {
  await using sandbox = await startSandbox(main('while read line; do stty size; done', true))
  const ssh = await sandbox.gateway.openSsh()
  const channel = await attach(ssh)
  ssh.resize(channel, { rows: 33, columns: 101 })
  channel.write('\n')
  await heard(channel, '33 101')
  channel.write('\x10')
  channel.write('\x11')
  expect(await collect(channel)).toMatchObject({ exitStatus: 0 })
  const again = await attach(ssh)
  expect(await heard(again, '33 101')).toContain('33 101')
})

test('a client that does not read is left behind, and the main process goes on', async () => {
  await using sandbox = await startSandbox(main('read line; head -c 20000000 /dev/zero; echo written >&2; sleep 1000'))
  const channel = await attach(await sandbox.gateway.openSsh())
  channel.write('go\n')
  await expect.poll(() => sandbox.mainOutput().includes('written'), { timeout: 15_000 }).toBe(true)
})
