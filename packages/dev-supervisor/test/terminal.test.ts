import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startSandbox } from './sandbox.js'
import { collect } from './ssh-end.js'

test('a command on a terminal has a controlling terminal, one output and its exit code', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('test -t 0 && test -t 2 && tty > /dev/null && echo $TERM >&2 < /dev/tty; exit 6', {
    pty: { term: 'vt100', cols: 100, rows: 40 },
  })
  const result = await collect(channel)
  expect(result).toMatchObject({ exitStatus: 6, stdout: Buffer.from('vt100\r\n'), stderr: Buffer.alloc(0) })
})

test('a terminal of no columns and no rows is one of 1 by 1', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('stty size', { pty: { term: 'xterm-256color', cols: 0, rows: 0 } })
  expect((await collect(channel)).stdout.toString()).toBe('1 1\r\n')
})

test('a change of the window reaches the command', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('stty -echo; stty size; read line; stty size', { pty: { cols: 80, rows: 24 } })
  const [first] = await once(channel, 'data')
  expect(String(first)).toBe('24 80\r\n')
  channel.setWindow(50, 132, 0, 0)
  channel.write('\n')
  expect((await collect(channel)).stdout.toString()).toBe('50 132\r\n')
})

test('output that was written just before the exit reaches a client that is up to 4 MiB behind', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('stty -opost; head -c 6000000 /dev/zero; echo the end', { pty: {} })
  const result = await collect(channel, { pauseEveryBytes: 1_000_000, pauseMs: 300 })
  expect(result.stdout.length).toBe(6_000_008)
  expect(result.stdout.subarray(-8).toString()).toBe('the end\n')
  expect(result.exitStatus).toBe(0)
})

test('an EOF leaves a terminal open, closing the channel hangs it up', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('trap "echo hup > hup; exit" HUP; echo ready; while :; do sleep 0.05; done', {
    pty: {},
  })
  await once(channel, 'data')
  channel.close()
  const other = await sandbox.gateway.openSsh()
  expect((await other.run('until [ -s hup ]; do sleep 0.05; done; cat hup')).stdout.toString()).toBe('hup\n')
})

test('a shell on a terminal is interactive', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.shell({ cols: 80, rows: 24 })
  channel.write('case $- in *i*) echo inter"active";; esac; exit 7\n')
  const result = await collect(channel)
  expect(result.stdout.toString()).toContain('interactive')
  expect(result.exitStatus).toBe(7)
})
