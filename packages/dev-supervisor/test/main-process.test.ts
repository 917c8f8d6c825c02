import { once } from 'node:events'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { killSandboxProcesses, type MainProcessSpec, SupervisorError, supervise } from '../src/index.js'
import { findMarkedProcesses, processMark } from '../src/marked-processes.js'
import { GatewayEnd } from './gateway-end.js'
import { PATIENT, startSandbox, TOKEN } from './sandbox.js'

const sh = (script: string, { tty = false } = {}): MainProcessSpec => ({ command: ['/bin/sh', '-c', script], tty })

test('the exit code is reported with sandbox and instance, and is the result', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('exit 7') })
  expect(await sandbox.supervisor.exited).toEqual({ exitCode: 7, reported: true })
  expect(sandbox.gateway.exitReports).toMatchObject([
    { sandboxId: 'sandbox-1', instanceId: sandbox.supervisor.instanceId, exitCode: 7 },
  ])
})

test('the report is repeated until the gateway agrees', async () => {
  const gateway = new GatewayEnd()
  gateway.refuseReports.push(status.UNAVAILABLE, status.PERMISSION_DENIED)
  await using sandbox = await startSandbox({ mainProcess: sh('exit 3') }, gateway)
  expect(await sandbox.supervisor.exited).toEqual({ exitCode: 3, reported: true })
  expect(gateway.exitReports.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3])
})

test('a gateway that does not know the report is asked once', async () => {
  const gateway = new GatewayEnd()
  gateway.refuseReports.push(status.UNIMPLEMENTED)
  await using sandbox = await startSandbox({ mainProcess: sh('exit 3') }, gateway)
  expect(await sandbox.supervisor.exited).toEqual({ exitCode: 3, reported: false })
  expect(gateway.exitReports).toHaveLength(1)
})

test('a gateway that never agrees is left after the time that was given', async () => {
  const gateway = new GatewayEnd()
  gateway.refuseReports.push(...Array(50).fill(status.UNAVAILABLE))
  await using sandbox = await startSandbox({ mainProcess: sh('exit 3'), exitReportTimeoutMs: 600 }, gateway)
  expect(await sandbox.supervisor.exited).toEqual({ exitCode: 3, reported: false })
  expect(gateway.exitReports.length).toBeLessThan(50)
})

test('the session has ended when the exit is reported', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('read line; exit 0', { tty: true }) })
  const { stream } = await sandbox.gateway.session()
  const order: string[] = []
  stream.once('cancelled', () => order.push('session ended'))
  sandbox.gateway.events.once('report', () => order.push('reported'))
  await sandbox.supervisor.stop()
  expect(order).toEqual(['session ended', 'reported'])
})

test('a signal gives 128 and its number', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('kill -USR1 $$') })
  expect((await sandbox.supervisor.exited).exitCode).toBe(128 + 10)
})

test('its output is delivered before the exit is reported', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('echo out; echo err >&2') })
  let output = ''
  sandbox.gateway.events.once('report', () => {
    output = sandbox.mainOutput()
  })
  await sandbox.supervisor.exited
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out'])
})

test('on a terminal it has 80 columns, 24 rows and a session of its own', async () => {
  await using sandbox = await startSandbox({
    mainProcess: sh('stty size; test -t 1 && echo terminal; exit 5', { tty: true }),
  })
  expect((await sandbox.supervisor.exited).exitCode).toBe(5)
  expect(sandbox.mainOutput()).toBe('24 80\r\nterminal\r\n')
})

test('without a terminal its stdin stays open', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('read line; echo ended') })
  const ssh = await sandbox.gateway.openSsh()
  expect((await ssh.run('true')).exitStatus).toBe(0)
  expect(sandbox.mainOutput()).toBe('')
})

test('a program that is not there is reported as 127, without a session', async () => {
  await using sandbox = await startSandbox({ mainProcess: { command: ['/no/such/program'], tty: false } })
  expect(await sandbox.supervisor.exited).toEqual({ exitCode: 127, reported: true })
  expect(sandbox.supervisor.mainProcessId).toBeUndefined()
  expect(sandbox.gateway.sessions).toEqual([])
  expect(sandbox.log()).toContain('OPENSHELL_MAIN_PROCESS_SPEC')
})

test('stopping asks the whole group of the main process, and reports its code', async () => {
  await using sandbox = await startSandbox({
    mainProcess: sh(
      '(trap "echo child >> log; exit" TERM; echo up >&2; while :; do sleep 0.05; done) & trap "wait; exit 9" TERM; wait',
    ),
  })
  await expect.poll(() => sandbox.mainOutput(), PATIENT).toContain('up')
  expect(await sandbox.supervisor.stop()).toEqual({ exitCode: 9, reported: true })
  expect(await readFile(join(sandbox.workdir, 'log'), 'utf8')).toBe('child\n')
})

test('a main process that does not stop is killed after the grace', async () => {
  await using sandbox = await startSandbox({
    mainProcess: sh('trap "" TERM; echo up; while :; do sleep 0.05; done'),
    stopGraceMs: 200,
  })
  await expect.poll(() => sandbox.mainOutput(), PATIENT).toContain('up')
  expect((await sandbox.supervisor.stop()).exitCode).toBe(128 + 9)
})

test('a shell on a terminal, which ignores SIGTERM, stops at once', async () => {
  await using sandbox = await startSandbox({ mainProcess: { command: ['/bin/bash', '-i'], tty: true } })
  await expect.poll(() => sandbox.mainOutput(), PATIENT).not.toBe('')
  const startedAt = performance.now()
  expect((await sandbox.supervisor.stop()).exitCode).toBe(128 + 1)
  expect(performance.now() - startedAt).toBeLessThan(9_000)
})

test('after stopping, the exit is not reported again to a gateway that is gone', async () => {
  await using sandbox = await startSandbox()
  await sandbox.gateway.session()
  await sandbox.gateway.close()
  expect(await sandbox.supervisor.stop()).toMatchObject({ reported: false })
  expect(sandbox.log().match(/exit report failed/g)).toHaveLength(1)
})

test('no process is left: main, commands, background processes, and those in sessions of their own', async () => {
  await using sandbox = await startSandbox({ mainProcess: sh('sleep 1000 & wait') })
  const ssh = await sandbox.gateway.openSsh()
  await ssh.run('(sleep 1000 < /dev/null > /dev/null 2>&1 &)')
  await ssh.run('setsid sleep 1000 < /dev/null > /dev/null 2>&1 &')
  const channel = await ssh.exec('env -i /bin/sleep 1000 & echo started; wait')
  await once(channel, 'data')
  const onTerminal = await ssh.exec('echo started; sleep 1000', { pty: {} })
  await once(onTerminal, 'data')
  const mark = processMark('sandbox-1', sandbox.supervisor.instanceId)
  // A process that is being started shows no environment yet.
  await expect.poll(async () => (await findMarkedProcesses(mark)).length, PATIENT).toBeGreaterThanOrEqual(6)
  await sandbox.supervisor.stop()
  expect(await findMarkedProcesses(mark)).toEqual([])
})

test('what a lost supervisor has left behind can be found and killed by the id of the sandbox', async () => {
  await using sandbox = await startSandbox({ sandboxId: 'sandbox-lost' })
  await using other = await startSandbox({ sandboxId: 'sandbox-lost-not' })
  const ssh = await sandbox.gateway.openSsh()
  await ssh.run('setsid sleep 1000 < /dev/null > /dev/null 2>&1 &')
  // A process that is being started shows no environment yet.
  const countOf = async (mark: string) => (await findMarkedProcesses(mark)).length
  await expect.poll(() => countOf('sandbox-lost/')).toBeGreaterThanOrEqual(2)
  await expect.poll(() => countOf('sandbox-lost-not/')).toBe(1)
  expect(await killSandboxProcesses('sandbox-lost')).toBeGreaterThanOrEqual(2)
  expect((await sandbox.supervisor.exited).exitCode).toBe(128 + 9)
  expect(await findMarkedProcesses('sandbox-lost/')).toEqual([])
  expect(await findMarkedProcesses('sandbox-lost-not/')).toHaveLength(1)
  await other.supervisor.stop()
})

test('main process and commands start in the workdir, with the environment of a sandbox', async () => {
  const userEnvironment = { GREETING: 'hello world', TERM: 'mine', OPENSHELL_SECRET: 'no' }
  await using sandbox = await startSandbox({ mainProcess: sh('pwd; env'), userEnvironment })
  await sandbox.supervisor.exited
  const workdir = await realpath(sandbox.workdir)
  const lines = sandbox.mainOutput().split('\n')
  expect(lines[0]).toBe(workdir)
  expect(lines).toEqual(
    expect.arrayContaining([
      `HOME=${sandbox.workdir}`,
      'USER=sandbox',
      'OPENSHELL_SANDBOX=1',
      'GREETING=hello world',
      'TERM=mine',
    ]),
  )
  expect(lines.join('\n')).not.toMatch(/OPENSHELL_SECRET|never-to-be-logged/)
})

test('a command inherits nothing but PATH', async () => {
  process.env['INHERITED_BY_NOBODY'] = 'secret'
  await using sandbox = await startSandbox({ userEnvironment: { GREETING: 'hello' } })
  const ssh = await sandbox.gateway.openSsh()
  const { stdout } = await ssh.run('env -u PWD -u SHLVL -u OLDPWD -u _ -u PATH | sort')
  delete process.env['INHERITED_BY_NOBODY']
  expect(stdout.toString().trim().split('\n')).toEqual([
    'GREETING=hello',
    `HOME=${sandbox.workdir}`,
    'OPENSHELL_SANDBOX=1',
    `OPENSHELL_SANDBOX_PROCESS=sandbox-1/${sandbox.supervisor.instanceId}`,
    'SHELL=/bin/bash',
    'TERM=dumb',
    'USER=sandbox',
  ])
})

test.each([
  ['an endpoint that is no URL', { endpoint: 'gateway:80' }, 'configuration'],
  ['an https endpoint without certificates', { endpoint: 'https://localhost' }, 'configuration'],
  ['an empty sandbox id', { sandboxId: '' }, 'configuration'],
  ['a workdir that is not there', { workdir: '/no/such/folder' }, 'configuration'],
  ['a token file that is not there', { token: { tokenFile: '/no/such/file' } }, 'token'],
  ['a token with a line break in it', { token: { token: `${TOKEN}\n${TOKEN}` } }, 'token'],
  ['a socket path that is too long', { sshSocketPath: `/tmp/${'x'.repeat(110)}` }, 'ssh-socket'],
])('%s is refused, and nothing runs', async (_case, wrong, kind) => {
  const valid = { endpoint: 'http://127.0.0.1:1', sandboxId: 'sandbox-refused', token: { token: TOKEN } }
  const error = await supervise({ ...valid, mainProcess: sh('sleep 1000'), ...wrong }).catch((reason) => reason)
  expect(error).toBeInstanceOf(SupervisorError)
  expect(error.kind).toBe(kind)
  expect(error.message).not.toContain(TOKEN)
  expect(await findMarkedProcesses('sandbox-refused/')).toEqual([])
})
