import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { peerProblems, readPeerExceptions } from './peer-exceptions.js'
import { peerLines } from './peer-lines.js'
import { parsePeerLine, summaryOf } from './peer-script.js'
import { runPeersCommand } from './peers-command.js'
import { installPythonClient } from './python-client.js'
import { runPeer } from './run-peer.js'
import { scenarioNames, splitScenarios } from './split-scenarios.js'

const exceptions = readPeerExceptions()

// Only a machine that promises to have everything may not leave the clients out.
const mustRun = process.env['CI'] === 'true'

// Side by side, because most of each run is waiting.
describe.concurrent.each(peerLines.filter(({ served }) => served))('$client', { timeout: 600_000 }, (peer) => {
  test('passes every scenario but the listed ones', async ({ skip }) => {
    const run = await runPeer(peer)
    if (run.type === 'skipped') {
      console.warn(`\nTHE OFFICIAL CLIENT ${peer.client} WAS NOT TRIED: ${run.reason}.\n`)
      if (mustRun) expect.fail(`${peer.client} must be tried where CI=true, but ${run.reason}.`)
      skip(run.reason)
      return
    }
    expect(peerProblems(peer.line, run.results, exceptions)).toEqual([])
    const ran = new Set(run.results.map(({ scenario }) => scenario.replace(/\[.*$/, '')))
    expect([...ran].sort()).toEqual(
      scenarioNames(await readFile(new URL(`scripts/${peer.script}`, import.meta.url), 'utf8')).sort(),
    )
  })
})

test('a word that is in no name of a scenario is refused before anything runs', async () => {
  await expect(runPeersCommand(['exec', 'no-such'], () => {})).rejects.toThrow('No scenario has "no-such" in its name')
})

test('every exception has a reason, and only once', () => {
  for (const { reason } of exceptions) expect(reason).toMatch(/^[A-Z`].{30,}\.$/)
  expect(new Set(exceptions.map(({ line, scenario }) => `${line} ${scenario}`)).size).toBe(exceptions.length)
})

describe('a run', () => {
  const results = ['PASS a[default]', 'FAIL b: got X: want Y', 'SKIP c: no python', '# d'].flatMap(
    (line) => parsePeerLine(line) ?? [],
  )
  const listed = (scenario: string, outcome: 'fail' | 'skip') =>
    ({ line: '0.0', scenario, outcome, reason: '' }) as const

  test('is read line by line', () => {
    expect(results).toEqual([
      { scenario: 'a[default]', outcome: 'pass', detail: '' },
      { scenario: 'b', outcome: 'fail', detail: 'got X: want Y' },
      { scenario: 'c', outcome: 'skip', detail: 'no python' },
    ])
    expect(summaryOf(results)).toBe('1 passed, 1 failed, 1 skipped')
  })

  test('has no problem when all that does not pass is listed', () => {
    expect(peerProblems('0.0', results, [listed('b', 'fail'), listed('c', 'skip')])).toEqual([])
  })

  test('has a problem for all that is not listed, and for all that is listed for nothing', () => {
    expect(
      peerProblems('0.0', results, [listed('a[default]', 'fail'), listed('b', 'skip'), listed('z', 'fail')]),
    ).toEqual([
      'a[default] passes; take it off peer-exceptions.json.',
      'b is no pass but a fail: got X: want Y',
      'c is no pass but a skip: no python',
      'z is listed, but the script has no such scenario.',
    ])
  })
})

test('scenarios are split into filters that run each of them once', () => {
  expect(splitScenarios(['logs', 'stop', 'stop-start', 'watch', 'delete-stop'], 2)).toEqual([
    ['logs', 'watch'],
    ['stop'],
  ])
  expect(splitScenarios(['logs'], 3)).toEqual([['logs']])
  expect(scenarioNames('@scenario("a", ws=True)\ndef _(c):\n  x = "@scenario"\n@scenario("b-c")\n')).toEqual([
    'a',
    'b-c',
  ])
})

describe('a machine without Python', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('has no client, and the reason says so', async () => {
    vi.stubEnv('PATH', fileURLToPath(new URL('scripts', import.meta.url)))
    const requirements = fileURLToPath(new URL('scripts/README.md', import.meta.url))
    expect(await installPythonClient(requirements)).toEqual({ type: 'missing', reason: 'python3 is not installed' })
  })
})
