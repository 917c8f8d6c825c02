import { readFileSync } from 'node:fs'
import * as typebox from 'typebox'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as driverConfig from '../src/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const fenced = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ''

test('the example of the README prints what the README says', () => {
  const { outputText } = ts.transpileModule(fenced('ts'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  })
  const modules: Record<string, unknown> = {
    '@openshell-ts/driver-config': driverConfig,
    typebox: { ...typebox, __esModule: true },
  }
  const printed: unknown[] = []
  const run = new Function('require', 'exports', 'console', outputText)
  run((name: string) => modules[name], {}, { log: (value: unknown) => printed.push(value) })
  expect(printed[0]).toEqual({ size_bytes: 2_097_152, read_only: true })
  expect(printed[1]).toBe(fenced('text').trimEnd())
})
