import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ConsumerFolder, createConsumerFolder, runProgram } from './consumer-folder.js'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

// Minified bytes of a program that connects, creates a sandbox and runs a command: what it begins with, and with everything that
// it may load later, which is what speaks to gateways, each wire line, and what archives, tunnels and logins need.
const BUDGET_BYTES = { atStart: 165_000, inAll: 650_000 }

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
    output: 'driver-config-rejected hello true 0.0 base\n',
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
      '--metafile=meta.json',
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

  test('makes one CommonJS file of every entry of the client, which runs where no packages are', async () => {
    await using gateway = await startDevGateway()
    const elsewhere = mkdtempSync(join(tmpdir(), 'openshell-ts-bundle-'))
    try {
      const options = ['--bundle', '--platform=node', '--format=cjs', '--target=node20', '--log-level=error']
      const outfile = `--outfile=${join(elsewhere, 'main.cjs')}`
      const made = await runProgram(project('bundle'), binary('esbuild'), ['every-entry.js', ...options, outfile])
      expect(made.exitCode, made.output).toBe(0)
      expect(await runProgram(elsewhere, process.execPath, ['main.cjs', gateway.endpoint])).toEqual({
        exitCode: 0,
        output: '0.0 a b\n',
      })
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  test('makes it within the budgets', () => {
    const { outputs }: BundleReport = JSON.parse(readFileSync(join(project('bundle'), 'meta.json'), 'utf8'))
    const atStart = new Set(['out/main.js'])
    for (const file of atStart) {
      for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement') atStart.add(path)
    }
    const bytesOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0)
    expect(bytesOf(atStart)).toBeLessThan(BUDGET_BYTES.atStart)
    expect(bytesOf(Object.keys(outputs))).toBeLessThan(BUDGET_BYTES.inAll)
  })
})

/** What esbuild says of what it made. */
interface BundleReport {
  readonly outputs: Readonly<Record<string, { bytes: number; imports: readonly { path: string; kind: string }[] }>>
}
