import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { expect, test, vi } from 'vitest'
import { runRestartCommand } from '../src/conformance/run-restart-command.js'
import { defineDriver } from '../src/index.js'
import { serveFaulty } from './known-bad/forwarding-driver.js'
import { goodDriver } from './known-bad/good-driver.js'
import { memoryBackend, memoryDriver, memoryHandlers } from './memory-driver.js'
import { serveInTest, temporaryFolder } from './serve-in-test.js'

vi.setConfig({ testTimeout: 60_000 })

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const program = fileURLToPath(new URL('../bin/openshell-driver.js', import.meta.url))
const fileDriver = fileURLToPath(new URL('fixtures/file-driver.mjs', import.meta.url))

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args])
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...output }
}

/** The shell command of a driver that keeps its sandboxes in a folder. */
async function fileDriverCommand(folder: string): Promise<string> {
  const backend = join(folder, 'backend')
  await mkdir(backend)
  return `FILED_BACKEND=${backend} exec ${process.execPath} ${fileDriver} serve`
}

test('a driver that the suite starts is killed and started again, and all reports are written', async () => {
  await using folder = await temporaryFolder()
  const file = (name: string) => join(folder.path, name)
  const reports = ['--json', file('report.json'), '--junit', file('report.xml')]
  const { code, stdout, stderr } = await run(
    'conformance',
    '--driver-command',
    await fileDriverCommand(folder.path),
    ...reports,
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Driver filed 1.0.0, gateway lines 0.0 and 0.1\n/)
  const report = JSON.parse(await readFile(file('report.json'), 'utf8'))
  expect(report).toMatchObject({ lines: ['0.0', '0.1'], counts: { fail: 0 }, interrupted: false })
  const { counts } = report
  const last = `${counts.pass} pass, 0 fail, ${counts.skip} skip, ${counts.unsupported} unsupported, config level L2\n`
  expect(stdout.endsWith(`\n\n${last}`)).toBe(true)
  const restarts = report.results.filter(({ id }: { id: string }) => id === 'restart/nothing-lost')
  expect(restarts).toMatchObject([{ outcome: 'pass' }, { outcome: 'pass' }])
  const junit = await readFile(file('report.xml'), 'utf8')
  expect(junit.match(/<testcase /g)).toHaveLength(report.results.length)
})

test('a bad driver ends with 1, the rule that it breaks and what to change; JSON alone is on stdout', async () => {
  await using faulty = await serveFaulty(() => goodDriver(memoryBackend()), {
    calls: {
      listSandboxes: async (request, good) => ({ ...(await good.unary('listSandboxes', request)), sandboxes: [] }),
    },
  })
  const args = ['--case', 'lifecycle/listed', '--line', '0.0', '--json', '-']
  const { code, stdout, stderr } = await run('conformance', faulty.socketPath, ...args)
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ counts: { fail: 1 } })
  expect(stderr).toContain(
    [
      'FAIL lifecycle/listed on line 0.0: the list has a sandbox in each stage until it is deleted',
      '  expected  the list to have the created sandbox',
      '  received  no such id',
      '  rule      ListSandboxes answers all sandboxes',
    ].join('\n'),
  )
  expect(stderr).toContain('(driver contract 10, ListSandboxes)\n  change    List every sandbox')
})

test('a signal ends the run with 2, a report of what ran, and no sandbox left', async () => {
  const backend = memoryBackend()
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  await using served = await serveInTest(
    defineDriver({ ...memoryHandlers(backend), name: 'slow', version: '1.0.0', validate: async () => begin() }),
  )
  const child = spawn(process.execPath, [program, 'conformance', served.socketPath])
  await begun
  child.kill('SIGINT')
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(2)
  expect(stdout).toContain('The run was ended early')
  expect([...backend.sandboxes.keys()]).toEqual([])
})

test('a restart command restarts a driver that the suite has not started', async () => {
  await using folder = await temporaryFolder()
  const socketPath = join(folder.path, 'compute.sock')
  const serve = await fileDriverCommand(folder.path)
  const flags = `--bind-socket ${socketPath} --state-dir ${join(folder.path, 'state')}`
  const pid = join(folder.path, 'pid')
  const restart = `test -f ${pid} && kill -9 $(cat ${pid}); (${serve} ${flags}) >/dev/null 2>&1 & echo $! >${pid}`
  await runRestartCommand(restart, socketPath)
  const args = ['--group', 'restart', '--line', '0.0', '--restart-command', restart]
  const { code, stdout } = await run('conformance', socketPath, ...args)
  process.kill(Number(await readFile(pid, 'utf8')), 'SIGKILL')
  expect(stdout).toMatch(/^8 pass, 0 fail, 1 skip, 0 unsupported$/m)
  expect(code).toBe(0)
})

test("the README's program examines a driver as printed", async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const [, example = ''] = /## Conformance.*?```ts\n(.*?)```/s.exec(readme) ?? []
  const code = example.replace('/run/acme/compute.sock', served.socketPath)
  // Inside the package, so that its own name leads to what is built; the folder is not part of the repository.
  const file = join(packageFolder, 'dist', `readme-conformance-${process.pid}.mjs`)
  await writeFile(file, ts.transpile(code, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file])
    expect(stdout).toMatch(/^Driver acme 1.4.0, gateway line 0.1\n\n(?:.*\n)*\d+ pass, 0 fail, /)
  } finally {
    await rm(file)
  }
})

test('a driver that is not there ends with 2', async () => {
  const { code, stdout, stderr } = await run('conformance', '/tmp/no-such-driver.sock')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    'openshell-driver: No driver answers on /tmp/no-such-driver.sock; start it first, and pass the path of its socket.\n',
  )
})
