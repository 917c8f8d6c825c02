import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { usesOfDefaultWorkspace } from './default-workspace.js'

/** Suites that do not run once per line, and why. */
const OF_ONE_LINE: Readonly<Record<string, string>> = {
  'change-ids.test.ts': 'line 0.1 alone keeps ids; that line 0.0 does not repeat a change is a test of its own in it',
  'files.test.ts': 'once per line and way that files go, in a list of its own',
  'grpc-transport.test.ts': 'below the lines: frames and connections, with messages of the tests',
  'inference.test.ts': 'line 0.0 alone has routes; that line 0.1 names what is missing is a test of its own in it',
  'interceptors.test.ts': 'around each call, before it has a line: it asks for the version alone',
  'layers.test.ts': 'reads sources',
  'oidc.test.ts': 'speaks with an issuer of tokens alone',
  'parallel-calls.test.ts': 'below the lines: it asks for the version alone',
  'readme.test.ts': 'runs the first example of the README as it stands there',
  'report-cases.test.ts': 'reads data',
  'resolve-gateway.test.ts': 'reads the files of the command line tool',
  'stored-oidc.test.ts': 'speaks with an issuer of tokens alone',
  'suite-lines.test.ts': 'reads sources',
  'templates.test.ts': 'line 0.1 alone has templates; that line 0.0 refuses them is a test of its own in it',
  'tls.test.ts': 'below the lines: it asks for the version alone',
  'unix-socket.test.ts': 'below the lines: it asks for the version alone',
}

const PER_LINE = /\.each(?:<[^(]*>)?\(\s*(?:LINES|\['0\.0', '0\.1'\])/

/** Suites that work in `default`, which hides what a call leaves out: how often, and why. */
const IN_DEFAULT: Readonly<Record<string, { readonly uses: number; readonly why: string }>> = {
  'interceptors.test.ts': { uses: 1, why: 'it asks for the version alone' },
  'parallel-calls.test.ts': { uses: 1, why: 'it asks for the version alone' },
  'tls.test.ts': { uses: 4, why: 'it asks for the version alone' },
  'unix-socket.test.ts': { uses: 1, why: 'it asks for the version alone' },
  'wire-mismatch.test.ts': { uses: 1, why: 'looks whether anything went there' },
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const SESSIONS = fileURLToPath(new URL('../../../tests/sessions/', import.meta.url))

async function namesIn(folder: string, end: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(end))
}

test('every suite runs once per line of the wire, or says why not', async () => {
  const others: string[] = []
  for (const suite of await namesIn(FOLDER, '.test.ts')) {
    if (!PER_LINE.test(await readFile(`${FOLDER}${suite}`, 'utf8'))) others.push(suite)
  }
  expect(others.sort()).toEqual(Object.keys(OF_ONE_LINE).sort())
})

test('every suite, and what suites start, works in a workspace that is not default, or says why not', async () => {
  const uses: Record<string, { uses: number; calls: string[] }> = {}
  for (const folder of [FOLDER, SESSIONS]) {
    for (const name of await namesIn(folder, '.ts')) {
      const found = usesOfDefaultWorkspace(await readFile(`${folder}${name}`, 'utf8'))
      if (found.length > 0) uses[name] = { uses: found.length, calls: found }
    }
  }
  const listed = Object.entries(IN_DEFAULT).map(([name, { uses }]) => [name, { uses, calls: expect.anything() }])
  expect(uses).toEqual(Object.fromEntries(listed))
})
