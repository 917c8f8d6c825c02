import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { serveFaulty } from './known-bad/forwarding-driver.js'
import { goodDriver, goodIndex } from './known-bad/good-driver.js'
import { memoryBackend } from './memory-driver.js'
import { serveInTest } from './serve-in-test.js'

const program = fileURLToPath(new URL('../bin/openshell-driver.js', import.meta.url))

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

test('a good driver ends with 0 and writes all reports', async () => {
  const options = { admissionConfigJson: '{"allow_driver_config":true}' }
  await using served = await serveInTest(goodDriver(memoryBackend()), options)
  const file = (name: string) => join(served.folder, name)
  await writeFile(file('index.json'), JSON.stringify(goodIndex))
  const { code, stdout, stderr } = await run(
    ...['conformance', served.socketPath, '--line', '0.1', '--index', file('index.json')],
    ...['--json', file('report.json'), '--junit', file('report.xml')],
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Driver good 1.0.0, gateway line 0.1\n')
  expect(stdout).toMatch(/\n\d+ pass, 0 fail, 6 skip, 5 unsupported, config level L3\n$/)
  const report = JSON.parse(await readFile(file('report.json'), 'utf8'))
  expect(report).toMatchObject({ line: '0.1', counts: { fail: 0, skip: 6 } })
  const junit = await readFile(file('report.xml'), 'utf8')
  expect(junit.match(/<testcase /g)).toHaveLength(report.results.length)
})

test('a bad driver ends with 1 and the rule that it breaks', async () => {
  await using faulty = await serveFaulty(() => goodDriver(memoryBackend()), {
    calls: {
      listSandboxes: async (request, good) => ({ ...(await good.unary('listSandboxes', request)), sandboxes: [] }),
    },
  })
  const { code, stdout } = await run('conformance', faulty.socketPath, '--filter', 'lifecycle/listed')
  expect(code).toBe(1)
  expect(stdout).toContain('FAIL lifecycle/listed: the list has a sandbox in each stage until it is deleted\n')
  expect(stdout).toContain(
    'expected  the list to have the created sandbox\n  received  no such id\n  rule      ListSandboxes',
  )
  expect(stdout).toMatch(/\n0 pass, 1 fail, 0 skip, 0 unsupported\n$/)
})

test('a driver that is not there ends with 3', async () => {
  const { code, stdout, stderr } = await run('conformance', '/tmp/no-such-driver.sock')
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toBe(
    'openshell-driver: No driver answers on /tmp/no-such-driver.sock; start it first, and pass the path of its socket.\n',
  )
})
