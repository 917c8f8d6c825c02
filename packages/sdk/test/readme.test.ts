import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { Sandbox } from '../src/sandbox.js'
import { Sandboxes } from '../src/sandboxes.js'
import { startDevStack } from './dev-stack.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '')

describe('the README', () => {
  test('names every member of the client, its sandboxes and a sandbox', () => {
    const members = [OpenShellClient, Sandboxes, Sandbox].flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype),
    )
    const statics = Object.getOwnPropertyNames(OpenShellClient).filter(
      (name) => !['length', 'name', 'prototype'].includes(name),
    )
    const words = new Set(readme.match(/\w+/g))
    expect([...members, ...statics].filter((name) => name !== 'constructor' && !words.has(name))).toEqual([])
  })

  test('begins with an example that works against a gateway', async () => {
    await using stack = await startDevStack()
    const built = new URL('../dist/index.js', import.meta.url).href
    const source = (examples[0] ?? '')
      .replace('http://127.0.0.1:17670', stack.gateway.endpoint)
      .replace('@openshell-ts/sdk', built)
    const target = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
    const { outputText } = ts.transpileModule(source, { compilerOptions: target })
    const child = spawn(process.execPath, ['--input-type=module', '--eval', outputText], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    const [code] = await once(child, 'close')
    expect([code, output]).toEqual([0, '0 hello\n\n'])
  })
})
