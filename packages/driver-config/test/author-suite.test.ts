import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { configProperties } from '../src/testing/config-property.js'

const run = promisify(execFile)
const cwd = fileURLToPath(new URL('author-suite', import.meta.url))
const timeoutMs = 60_000

/** What Node prints for some arguments, and whether it succeeded. */
async function runNode(nodeArguments: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  // A test runner that finds itself inside another one reports to that one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, VITEST: undefined, ...variables }
  try {
    const { stdout } = await run(process.execPath, nodeArguments, { cwd, env, timeout: timeoutMs })
    return { ok: true, output: stdout }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return { ok: false, output: `${stdout}${stderr}` }
  }
}

const suite = ['--test', '--test-reporter=tap', 'acme-config.test.js']
const promises = configProperties.filter((property) => property !== 'a fixture still gives what it gave')

test(
  "an author's suite passes under Node's own runner",
  async () => {
    const { ok, output } = await runNode(suite)
    expect({ ok, output }).toMatchObject({ ok: true })
    const passed = [...output.matchAll(/^ *ok \d+ - config of acme: ([^#\n]*)$/gm)].map(([, name]) => name)
    expect(passed).toEqual([
      'schema_version 1 has a fixture',
      'schema_version 2 has a fixture',
      'v1/host.json gives what it gave',
      'v2/host.json gives what it gave',
      'every file among the fixtures has its place',
      ...promises,
    ])
  },
  timeoutMs,
)

test(
  'a planted bug makes it fail, and the line that it prints finds the bug again',
  async () => {
    const { ok, output } = await runNode(suite, { PLANTED_BUG: '1' })
    expect({ ok, output }).toMatchObject({ ok: false })
    expect(output).toMatch(/seed 42, schema_version 1, document \{"network":"host"\}/)
    const line = /again: (findCounterexamples\(config, .*seed: 42.*\))$/m.exec(output)?.[1] ?? 'no line'
    const program = `
      import { findCounterexamples } from '@openshell-ts/driver-config/testing'
      import { config } from './acme-config.js'
      console.log(JSON.stringify(${line.replaceAll("\\'", "'")}.map(({ document }) => document)))`
    expect(await runNode(['--input-type=module', '--eval', program], { PLANTED_BUG: '1' })).toEqual({
      ok: true,
      output: '[{"network":"host"}]\n',
    })
  },
  timeoutMs,
)
