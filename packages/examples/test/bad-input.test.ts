import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type Program, startDriver, startGateway, startStory } from './program.js'
import { startPrograms } from './program-world.js'
import { createTemporaryFolder } from './temporary-folder.js'

// Each test starts a process or several, which spend most of their time on starting.
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 })

/** Runs a program that is to fail, and returns its exit code and what it says. */
async function failureOf(program: Program): Promise<string> {
  await using failing = program
  const exitCode = await failing.ended
  return `${exitCode}: ${failing.stderr().trim()}`
}

const nowhere = ['--gateway', 'http://127.0.0.1:1']

test.concurrent('no gateway at the address', async () => {
  expect(await failureOf(startStory(...nowhere))).toBe(
    '1: ✗ No gateway answers at http://127.0.0.1:1.\n  Start one there, or pass another address with --gateway.',
  )
})

test.concurrent('no template file', async () => {
  await using folder = createTemporaryFolder()
  const path = join(folder.path, 'none.yaml')
  expect(await failureOf(startStory(...nowhere, '--template', path))).toBe(
    `1: ✗ ${path}: there is no such file. Name another file with --template.`,
  )
})

test.concurrent.each([
  ['broken.yaml', 'image: a\n  b: c\n', /broken\.yaml:\d+:\d+: /],
  ['broken.json', '{"image": "a",,}', /broken\.json:1:15: /],
])('%s is invalid, with line and column', async (name, text, place) => {
  await using folder = createTemporaryFolder()
  const path = join(folder.path, name)
  writeFileSync(path, text)
  const failure = await failureOf(startStory(...nowhere, '--template', path))
  expect(failure).toMatch(/^1: /)
  expect(failure).toMatch(place)
})

test.concurrent('a wrong command line', async () => {
  const failure = await failureOf(startStory(...nowhere, '--tempalte', 'x'))
  expect(failure).toContain("2: Unknown option '--tempalte'")
  expect(failure).toContain('See sandbox-story --help.')
})

test.concurrent('a gateway of unknown version, a missing workspace, and a gateway that goes away in the middle', async () => {
  await using world = await startPrograms('--gateway-version', '0.0.0')
  const at = ['--gateway', world.gatewayUrl]
  const unknown = await failureOf(startStory(...at))
  expect(unknown).toMatch(/^1: ✗ The gateway reports version "0\.0\.0"/)
  expect(unknown).toContain('say so with --wire-line 0.0 or --wire-line 0.1.')

  const known = [...at, '--wire-line', '0.0']
  expect(await failureOf(startStory(...known, '--workspace', 'nowhere'))).toMatch(/^1: ✗ .*nowhere/)

  await using story = startStory(...known)
  await story.says('Run commands')
  world.gateway.kill('SIGKILL')
  expect(await story.ended).toBe(1)
  expect(story.stderr()).toMatch(/✗ (The gateway at .* went away|No gateway answers at)/)
  expect(story.stdout()).toMatch(/sandbox story-\w+ may be left behind/)
})

test.concurrent('a driver without a socket, with one that is too long, and with a malformed endpoint', async () => {
  await using folder = createTemporaryFolder()
  const serve = (...argv: string[]) =>
    failureOf(startDriver('serve', '--state-dir', join(folder.path, 'state'), ...argv))
  const endpoint = ['--openshell-endpoint', 'http://127.0.0.1:1']
  expect(await serve(...endpoint)).toMatch(/^2: local-process-driver: .*--bind-socket/)
  expect(await serve(...endpoint, '--bind-socket', join(folder.path, 'x'.repeat(120)))).toMatch(
    /^2: .*--bind-socket .*at most 10[37] bytes/,
  )
  expect(await serve('--bind-socket', join(folder.path, 's'), '--openshell-endpoint', 'nonsense')).toMatch(
    /^2: .*--openshell-endpoint \(OPENSHELL_GRPC_ENDPOINT\) must be an http or https URL/,
  )
})

/** Starts a driver and waits until it serves. */
async function startServingDriver(folder: string, socket: string): Promise<Program> {
  const argv = ['serve', '--bind-socket', socket, '--openshell-endpoint', 'http://127.0.0.1:1']
  const driver = startDriver(...argv, '--state-dir', join(folder, 'one'))
  await driver.says('serves on')
  return driver
}

test.concurrent('two drivers on one socket', async () => {
  await using folder = createTemporaryFolder()
  const socket = join(folder.path, 's')
  await using _first = await startServingDriver(folder.path, socket)
  const argv = ['serve', '--bind-socket', socket, '--openshell-endpoint', 'http://127.0.0.1:1']
  expect(await failureOf(startDriver(...argv, '--state-dir', join(folder.path, 'two')))).toMatch(
    /^1: local-process-driver: /,
  )
})

test.concurrent('a gateway without its driver’s socket', async () => {
  await using folder = createTemporaryFolder()
  const gateway = startGateway(join(folder.path, 'none'), '--port', '0', '--driver-connect-timeout-ms', '100')
  expect(await failureOf(gateway)).toMatch(/^1: Error: .*none/)
})

test.concurrent('a gateway on a port that is taken', async () => {
  await using folder = createTemporaryFolder()
  const socket = join(folder.path, 's')
  await using _driver = await startServingDriver(folder.path, socket)
  await using taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const failure = await failureOf(startGateway(socket, '--port', String(port)))
  expect(failure).toMatch(/^1: /)
  expect(failure).toContain(`127.0.0.1:${port}: the port is in use`)
})
