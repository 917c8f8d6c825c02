import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runFidelityCommand } from './fidelity-command.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fidelity-'))
  const text = await readFile(new URL('../data/scenarios/workspace.jsonl', import.meta.url), 'utf8')
  const [first = '', second = ''] = text.split('\n')
  await writeFile(join(directory, 'workspace.jsonl'), [first, second.replace('"NOT_FOUND"', '"DATA_LOSS"')].join('\n'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function run(...argv: string[]) {
  let printed = ''
  const code = await runFidelityCommand([directory, ...argv], (text) => {
    printed += text
  })
  return { code, printed }
}

test('a scenario that differs is printed with both sides and ends the command with 1', async () => {
  const { code, printed } = await run()
  expect(code).toBe(1)
  expect(printed).toContain('workspace  1/2\n')
  expect(printed).toMatch(/\n {2}client_results\[\d\]\.code\n {4}recorded: "DATA_LOSS"\n {4}replayed: "NOT_FOUND"\n/)
  expect(printed).toMatch(/\n1 of 2 scenarios agree, 0 differ as known, 1 are not as expected\n$/)
})

test('scenarios can be chosen, and the results printed as JSON', async () => {
  const [{ id }] = JSON.parse(`[${(await readFile(join(directory, 'workspace.jsonl'), 'utf8')).split('\n')[0]}]`)
  const { code, printed } = await run('--scenario', id, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(printed)).toEqual({
    areas: [{ area: 'workspace', agreeing: 1, total: 1 }],
    scenarios: [{ id, area: 'workspace', verdict: 'agrees', differences: [] }],
  })
})

test.each([
  [['--area', 'no-such'], 'There is no area "no-such" in these recordings; there are workspace.'],
  [['--scenario', 'a/b'], 'There is no scenario "a/b" in these recordings.'],
  [['another'], 'One folder of recordings is enough, but 2 were given.'],
])('%j is refused', async (argv, message) => {
  await expect(run(...argv)).rejects.toThrow(message)
})

test('a line that is no recording is named with its file', async () => {
  await writeFile(join(directory, 'zz.jsonl'), '\n{"id": "x"}\n')
  await expect(run()).rejects.toThrow('zz.jsonl:2: a recorded scenario has id, area, steps and observed.')
})
