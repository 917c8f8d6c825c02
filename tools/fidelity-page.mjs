import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const data = fileURLToPath(new URL('../packages/dev-gateway/test/data', import.meta.url))
const peers = fileURLToPath(new URL('../tests/peers', import.meta.url))

const areas = {
  auth: 'who may call what without a token',
  delete: 'the ways in which a sandbox goes',
  envelope: 'the choice of the block in `driver_config`',
  exec: 'relays and commands through SSH',
  limits: 'sizes and counts, with the texts of the refusals',
  phase: 'from conditions and sessions to phases',
  restart: 'what a restart of gateway or driver does, kills included',
  session: 'supervisor sessions, heartbeats, reports of an exit',
  startup: 'the order of calls at the start, and what stops a start',
  status: "drivers' errors as clients see them",
  sweep: 'the sweep every minute and the rule of five minutes',
  trailers: 'error details, and the sizes that survive',
  translate: 'each field on its way from client to driver',
  watch: "the driver's watch stream and the client's",
  workspace: 'workspaces',
}

const introduction = `# Fidelity of dev-gateway

<!-- Made by npm run docs from packages/dev-gateway/test/data and tests/peers. -->

A development gateway is only of use when it does what the real one does, in what it refuses too. Here that is measured.

## Recorded scenarios

OpenShell's own gateway 0.0.111 was run with a scripted compute driver, a client and a scripted supervisor, and everything was
recorded: what the driver was sent and during which step, what the client got, the rows, and how the gateway started and ended.
A replay gives dev-gateway the same configuration, driver script and steps, and compares every field of both sides. Left out is
what depends on the moment or on the program: times, resource versions, identifiers, sizes, log lines, and the order of calls that
the real gateway does not fix either.

\`\`\`sh
npm run fidelity                                # all scenarios: agreement per area, differences in full
npm run fidelity -- --area exec                 # one area; --scenario ID for one scenario, --json for programs
npm run fidelity -- path/to/recordings          # your own recordings, in the format of packages/dev-gateway/test/data/scenarios
\`\`\`

Scenarios run at once in one process, in real time; the minutes of the sweep are skipped by a clock, and gateways that are killed
run in processes of their own. One that differs is replayed alone before it counts. The exit code is 1 when a scenario differs that
is not listed below, or when a listed one agrees. The test suite requires the same, so the numbers here hold for every commit.`

/** The page that says how much of the real gateway's behavior dev-gateway has, and where it differs. */
export function fidelityPage() {
  const known = readJson(`${data}/known-differences.json`)
  const scenarios = readScenarios()
  const rows = Object.keys(scenarios).map((area) => formatArea(area, scenarios[area], known))
  const total = Object.values(scenarios).flat().length
  return `${[
    introduction,
    `| Area | Shows | Agree |\n| --- | --- | --- |\n${rows.join('\n')}\n| **all** | | **${total - known.length} of ${total}** |`,
    '## Known differences',
    formatKnown(known),
    '## Line 0.1',
    later(readJson(`${data}/line-0-1-statements.json`)),
    '## Official clients',
    clients(readJson(`${peers}/peer-lines.json`), readJson(`${peers}/peer-exceptions.json`)),
  ].join('\n\n')}\n`
}

function readScenarios() {
  const files = readdirSync(`${data}/scenarios`).filter((name) => name.endsWith('.jsonl'))
  const scenarios = files.flatMap((name) =>
    readFileSync(`${data}/scenarios/${name}`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  )
  const names = [...new Set(scenarios.map(({ area }) => area))].sort()
  return Object.fromEntries(names.map((name) => [name, scenarios.filter(({ area }) => area === name)]))
}

function formatArea(area, scenarios, known) {
  if (!areas[area]) throw new Error(`Say in tools/fidelity-page.mjs what the scenarios of the area "${area}" show.`)
  const ids = new Set(scenarios.map(({ id }) => id))
  const differing = known.filter(({ id }) => ids.has(id)).length
  return `| \`${area}\` | ${areas[area]} | ${ids.size - differing} of ${ids.size} |`
}

function formatKnown(known) {
  const rows = known.map(({ id, paths, reason }) => `| \`${id}\` | ${places(paths)} | ${reason} |`)
  return `| Scenario | Differs in | Why |\n| --- | --- | --- |\n${rows.join('\n')}`
}

function places(paths) {
  const sides = { driver_calls: 'driver', client_results: 'client', rows: 'rows', gateway: 'gateway' }
  return [...new Set(paths.map((path) => sides[path.match(/^\w+/)[0]]))].join(', ')
}

function later(statements) {
  const documents = {
    'driver-contract': 'the contract of compute drivers',
    'gateway-client': "the gateway's public API",
  }
  const rows = Object.entries(documents).map(([document, about]) => {
    const own = statements.filter((entry) => entry.document === document)
    const pinned = own.filter(({ tests }) => tests).length
    return `| ${about} | ${own.length} | ${pinned} | ${own.length - pinned} |`
  })
  return [
    `No gateway of line 0.1 could be recorded. What is known of it is a list of statements,
[line-0-1-statements.json](../../packages/dev-gateway/test/data/line-0-1-statements.json): each is pinned by tests that it names, or
stands on the page of [what is left out](dev-gateway-unimplemented.md). The test suite holds the list to both.`,
    `| About | Statements | Pinned by tests | Left out |\n| --- | --- | --- | --- |\n${rows.join('\n')}`,
  ].join('\n\n')
}

function clients(lines, exceptions) {
  return [
    `The official Python clients, from PyPI, run against dev-gateway with the example driver \`local-process\` and dev-supervisor, all in
processes of their own: sandboxes, workspaces, exec, watching, providers and routes, as their users call them. \`npm run peers\`
prints every scenario, \`npm test\` runs them all. They need \`python3\` with \`venv\` and \`pip\`; where these are missing the suite says
so and skips the clients, and fails when \`CI=true\`.`,
    `| Client | Line | Tried |\n| --- | --- | --- |\n${lines.map(formatClient).join('\n')}`,
    formatExceptions(exceptions),
  ].join('\n\n')
}

function formatClient({ client, line, served }) {
  return `| ${client} | ${line} | ${served ? 'yes' : 'when dev-gateway speaks the line'} |`
}

function formatExceptions(exceptions) {
  if (exceptions.length === 0) return 'Every scenario passes; the list of exceptions is empty.'
  const rows = exceptions.map(
    (entry) => `| ${entry.line} | \`${entry.scenario}\` | ${entry.outcome} | ${entry.reason} |`,
  )
  return `All scenarios pass but these:\n\n| Line | Scenario | Ends as | Why |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
