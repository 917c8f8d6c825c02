import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { utils } from 'ssh2'
import { expect, test } from 'vitest'
import { PATIENT, startSandbox } from './sandbox.js'
import { collect } from './ssh-end.js'

test('a command gives its output, its error output and its exit code', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const result = await ssh.run('echo out; echo err >&2; exit 3')
  expect(result.stdout.toString()).toBe('out\n')
  expect(result.stderr.toString()).toBe('err\n')
  expect(result.exitStatus).toBe(3)
})

test('a command reads its stdin until the client ends it', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const input = Buffer.alloc(300_000, 'abcdefg')
  const result = await ssh.run('cat; echo end >&2', input)
  expect(result.stdout.equals(input)).toBe(true)
  expect(result.stderr.toString()).toBe('end\n')
  expect(result.exitStatus).toBe(0)
})

test('input that a command does not read is dropped, and the command still ends', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const result = await ssh.run('exec <&-; echo closed', Buffer.alloc(4 * 1024 * 1024))
  expect(result).toMatchObject({ exitStatus: 0, stdout: Buffer.from('closed\n') })
})

test('an EOF that follows the request at once loses neither output nor exit code', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  ssh.pipelineEof()
  const result = await collect(await ssh.exec('cat; echo out; exit 4'))
  expect(result).toMatchObject({ exitStatus: 4, stdout: Buffer.from('out\n') })
})

test('a command that a signal ends has exit status 1', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  expect((await ssh.run('kill -KILL $$')).exitStatus).toBe(1)
})

test('8 MiB of output arrive complete, in frames of 16 KiB at most', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const result = await ssh.run('head -c 8388608 /dev/zero | tr "\\0" x; head -c 3000000 /dev/zero >&2')
  expect(result.stdout.length).toBe(8_388_608)
  expect(result.stdout.every((byte) => byte === 0x78)).toBe(true)
  expect(result.stderr.length).toBe(3_000_000)
  expect(result.exitStatus).toBe(0)
  expect(Math.max(...sandbox.gateway.frameBytes)).toBe(16_384)
})

test('both outputs of a command arrive intact when the client is slow with each of them', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec(
    'for i in 1 2 3; do head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; done; echo end',
  )
  // Reading starts only now and then: both windows run full again and again.
  const result = await collect(channel, { pauseEveryBytes: 500_000 })
  expect(result.stdout.length).toBe(9_000_004)
  expect(result.stderr.length).toBe(9_000_000)
  expect(result.exitStatus).toBe(0)
})

test('a client that does not read holds the command back, and other commands go on', async () => {
  await using sandbox = await startSandbox()
  const slow = await sandbox.gateway.openSsh()
  const channel = await slow.exec('head -c 33554432 /dev/zero; echo done > marker')
  const ssh = await sandbox.gateway.openSsh()
  for (let turn = 0; turn < 10; turn += 1) expect((await ssh.run('ls marker')).exitStatus).not.toBe(0)
  const received = sandbox.gateway.frameBytes.reduce((sum, bytes) => sum + bytes, 0)
  expect(received).toBeLessThan(8 * 1024 * 1024)
  const result = await collect(channel)
  expect(result.stdout.length).toBe(33_554_432)
  expect((await ssh.run('cat marker')).stdout.toString()).toBe('done\n')
})

test('eight commands run at the same time', async () => {
  await using sandbox = await startSandbox()
  // Each waits for all the others: one after the other they would never end.
  const line = (number: number) =>
    `touch here-${number}; until [ $(ls here-* | wc -l) = 8 ]; do sleep 0.02; done; echo ${number}; exit ${number}`
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
  const results = await Promise.all(numbers.map(async (number) => (await sandbox.gateway.openSsh()).run(line(number))))
  expect(results.map(({ exitStatus }) => exitStatus)).toEqual(numbers)
  expect(results.map(({ stdout }) => stdout.toString())).toEqual(numbers.map((number) => `${number}\n`))
})

test('output that background processes keep open is not waited for longer than 2 s', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const startedAt = performance.now()
  const result = await ssh.run('sleep 1000 & echo started')
  expect(result).toMatchObject({ exitStatus: 0, stdout: Buffer.from('started\n') })
  expect(performance.now() - startedAt).toBeGreaterThan(1_900)
})

test("closing the connection ends a command's input and leaves it running", async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.exec('echo ready; cat > /dev/null; head -c 1000000 /dev/zero; echo $? > status')
  await once(channel, 'data')
  await ssh.end()
  await expect.poll(() => readFile(join(sandbox.workdir, 'status'), 'utf8').catch(() => ''), PATIENT).toBe('0\n')
})

test('the relay ends when the client disconnects, and when the gateway ends it, which ends the input too', async () => {
  await using sandbox = await startSandbox()
  const polite = await sandbox.gateway.openSsh()
  expect((await polite.run('true')).exitStatus).toBe(0)
  await polite.end()
  const abrupt = await sandbox.gateway.openSsh()
  const channel = await abrupt.exec('echo ready; cat; echo $? > status')
  await once(channel, 'data')
  const ended = once(abrupt.relay, 'close')
  abrupt.relay.end()
  await ended
  await expect.poll(() => readFile(join(sandbox.workdir, 'status'), 'utf8').catch(() => ''), PATIENT).toBe('0\n')
})

test('a command line above what SSH carries in one packet ends the relay, and the next one runs', async () => {
  await using sandbox = await startSandbox()
  const { client, relay } = await sandbox.gateway.openSsh()
  const ended = once(relay, 'close')
  client.exec(`: ${'x'.repeat(40_000)}`, () => {})
  await ended
  expect((await (await sandbox.gateway.openSsh()).run('true')).exitStatus).toBe(0)
})

test('a shell without a terminal runs what it reads', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const channel = await ssh.shell(false)
  channel.end('echo from the shell\nexit 5\n')
  expect(await collect(channel)).toMatchObject({ exitStatus: 5, stdout: Buffer.from('from the shell\n') })
})

test('an unknown subsystem is refused', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  await expect(ssh.subsystem('netconf')).rejects.toThrow('Unable to start subsystem')
  expect((await ssh.run('echo still there')).exitStatus).toBe(0)
})

test('a command that cannot be started says so, with exit status 126', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  await rm(sandbox.workdir, { recursive: true })
  const result = await ssh.run('true')
  expect(result.stderr.toString()).toBe('openshell-dev-supervisor: the command cannot be started (ENOENT)\n')
  expect(result.exitStatus).toBe(126)
})

test('any key opens a connection, a password does not', async () => {
  await using sandbox = await startSandbox()
  const { private: privateKey } = utils.generateKeyPairSync('ed25519')
  const ssh = await sandbox.gateway.openSsh({ authHandler: ['publickey'], privateKey })
  expect((await ssh.run('exit 8')).exitStatus).toBe(8)
  await expect(sandbox.gateway.openSsh({ authHandler: ['password'], password: 'guess' })).rejects.toThrow(
    'All configured authentication methods failed',
  )
})

test('a second command on the same channel is not run', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  ssh.repeatExec()
  const result = await collect(await ssh.exec('echo $$ >> runs; cat runs'))
  expect(result.stdout.toString().trim().split('\n')).toHaveLength(1)
})
