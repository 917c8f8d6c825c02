import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient, OpenShellError, type SandboxCreateSpec } from '../src/index.js'
import { type DevStack, startDevStack, WORKSPACE } from './dev-stack.js'
import { LINES } from './line-gateway.js'

const x = (length: number) => 'x'.repeat(length)
const entries = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`K${at}`, value]))

const SPECS: readonly (readonly [string, SandboxCreateSpec])[] = [
  ['a name of 19 characters', { name: 'a234567890123456789' }],
  ['a name of 20 characters', { name: 'a2345678901234567890' }],
  ['a name that starts with a digit', { name: '1a' }],
  ['an upper-case name', { name: 'Abc' }],
  ['a name with two hyphens in a row', { name: 'a--b' }],
  ['a name that ends with a hyphen', { name: 'a-' }],
  ['128 variables', { environment: entries(128) }],
  ['129 variables', { environment: entries(129) }],
  ['a variable name of 256 bytes', { environment: { [`A${x(255)}`]: 'v' } }],
  ['a variable name of 257 bytes', { environment: { [`A${x(256)}`]: 'v' } }],
  ['a variable name with a hyphen', { environment: { 'A-B': 'v' } }],
  ['a reserved variable name', { environment: { OPENSHELL_X: 'v' } }],
  ['a variable name that is reserved in upper case only', { environment: { openshell_x: 'v' } }],
  ['the variable of the official client, which is for commands only', { environment: { OPENSHELL_PYFUNC_B64: 'v' } }],
  ['a value of 8192 bytes', { environment: { A: x(8192) } }],
  ['a value of 8193 bytes', { environment: { A: x(8193) } }],
  ['a value of 4097 two-byte characters', { environment: { A: 'é'.repeat(4097) } }],
  ['a value with a line break', { environment: { A: 'a\nb' } }],
  ['a value with a tab', { environment: { A: 'a\tb' } }],
  ['variables of more than 262144 bytes', { environment: entries(40, x(8000)) }],
  ['an image of 1024 bytes', { image: x(1024) }],
  ['an image of 1025 bytes', { image: x(1025) }],
  ['a log level of 33 bytes', { logLevel: x(33) }],
  ['a command of 256 arguments', { command: Array(256).fill('a') }],
  ['a command of 257 arguments', { command: Array(257).fill('a') }],
  ['an argument of 32769 bytes', { command: ['a', x(32_769)] }],
  ['a command of more than 262144 bytes', { command: ['a', ...Array(9).fill(x(30_000))] }],
  ['an empty first argument', { command: ['', 'a'] }],
  ['an empty second argument', { command: ['a', ''] }],
  ['an argument with a null byte', { command: ['a', 'b\0'] }],
  ['resources of 65536 bytes', { resources: { limits: { cpu: x(65_498) } } }],
  ['resources of 65537 bytes', { resources: { limits: { cpu: x(65_499) } } }],
  ['a GPU without a number', { gpu: true }],
  ['no GPUs', { gpu: { count: 0 } }],
  ['a label', { labels: { 'example.com/team': 'a_b.c-1' } }],
  ['an empty label value', { labels: { team: '' } }],
  ['a label value of 64 characters', { labels: { team: x(64) } }],
  ['a label value that ends with a hyphen', { labels: { team: 'a-' } }],
  ['a label key with a space', { labels: { 'a b': 'v' } }],
  ['a label key of the product', { labels: { 'openshell.ai/x': 'v' } }],
  ['an annotation of free text', { annotations: { note: 'any text, with\nlines' } }],
  ['33 providers', { providers: Array(33).fill('p') }],
]

async function refusalOf(work: Promise<AsyncDisposable>): Promise<'accepted' | 'refused'> {
  try {
    await using _sandbox = await work
    return 'accepted'
  } catch (error) {
    if (error instanceof OpenShellError && error.kind === 'invalid-argument') return 'refused'
    throw error
  }
}

// What the client refuses before it sends anything must be exactly what a gateway refuses.
describe.each(LINES)('the client and a gateway of line %s agree about', (line) => {
  let stack: DevStack
  let unchecked: OpenShellClient
  beforeAll(async () => {
    stack = await startDevStack({ line, onCreate: () => ({ type: 'starting' }) })
    unchecked = await OpenShellClient.connect({
      endpoint: stack.gateway.endpoint,
      workspace: WORKSPACE,
      clientChecks: 'off',
    })
  })
  afterAll(async () => {
    await unchecked.close()
    await stack[Symbol.asyncDispose]()
  })

  test.each(SPECS)('%s', async (_, spec) => {
    const create = { waitReady: false } as const
    const byGateway = await refusalOf(unchecked.sandboxes.create(spec, create))
    expect(await refusalOf(stack.client.sandboxes.create(spec, create))).toBe(byGateway)
  })
})
