import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ConsumerFolder, createConsumerFolder, runProgram } from './consumer-folder.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

// Minified bytes of a program that connects, creates a sandbox and runs a command, with everything that it may load later.
const BUNDLE_BUDGET_BYTES = 300_000

let folder: ConsumerFolder

beforeAll(async () => {
  folder = await createConsumerFolder()
})

afterAll(() => {
  folder?.[Symbol.dispose]()
})

const binary = (name: string) => join(folder.path, 'node_modules/.bin', name)
const project = (name: string) => join(folder.path, name)

test('a project of ECMAScript modules imports the packed packages and runs a command in a sandbox', async () => {
  expect(await runProgram(project('modules'), process.execPath, ['main.js'])).toEqual({
    exitCode: 0,
    output: 'acme driver-config-rejected hello\n',
  })
})

test('a CommonJS project requires the packed packages and gets the same classes as with import', async () => {
  expect(await runProgram(project('commonjs'), process.execPath, ['main.js'])).toEqual({
    exitCode: 0,
    output: 'driver-config-rejected hello true\n',
  })
})

test('a project with the strictest options compiles, declarations of all packages included', async () => {
  const result = await runProgram(project('strict'), binary('tsc'), ['--project', '.'])
  expect(result).toEqual({ exitCode: 0, output: '' })
})

describe('a bundler', () => {
  beforeAll(async () => {
    const options = ['--bundle', '--minify', '--splitting', '--platform=node', '--format=esm', '--target=node20']
    const { exitCode, output } = await runProgram(project('bundle'), binary('esbuild'), [
      'main.js',
      ...options,
      '--outdir=out',
    ])
    expect(exitCode, output).toBe(0)
  })

  test('makes one folder of the client, which runs where no packages are', async () => {
    await using gateway = await startDevGateway()
    const elsewhere = mkdtempSync(join(tmpdir(), 'openshell-ts-bundle-'))
    try {
      cpSync(join(project('bundle'), 'out'), elsewhere, { recursive: true })
      writeFileSync(join(elsewhere, 'package.json'), '{ "type": "module" }')
      expect(await runProgram(elsewhere, process.execPath, ['main.js', gateway.endpoint])).toEqual({
        exitCode: 0,
        output: 'ready unavailable\n',
      })
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  test('makes it within the budget', () => {
    const out = join(project('bundle'), 'out')
    const bytes = readdirSync(out).reduce((sum, file) => sum + statSync(join(out, file)).size, 0)
    expect(bytes).toBeLessThan(BUNDLE_BUDGET_BYTES)
  })
})
