import { describeProgress } from '../describe-progress.js'
import { openProgressLine } from './progress-line.js'
import { readNumber } from './read-number.js'
import { readSpec, SPEC_FLAGS } from './read-spec.js'
import { defineSubcommand } from './subcommand.js'

/** `create`: a sandbox that stays. */
export const createSubcommand = defineSubcommand({
  summary: 'Create a sandbox, and wait until commands can run in it',
  words: {},
  flags: {
    ...SPEC_FLAGS,
    'no-wait': { type: 'boolean', description: 'do not wait until the sandbox is ready' },
    'timeout-ms': { type: 'string', hint: 'N', description: 'give up waiting after this time; the sandbox stays' },
  },
  command: 'optional',
  examples: [
    'create --name box --image python:3.12',
    'create --template agent.yaml --provider github --label team=a',
    'create --name box --env LANG=C.UTF-8 -- sleep infinity',
    'create --endpoint http://127.0.0.1:17670 --no-wait --json',
  ],
  exitCodes: { 1: 'the sandbox was not created or did not become ready', 130: 'ended by Ctrl-C' },
  async run({ connect, flags, command, report, stderr, signal, remains }) {
    const timeoutMs = readNumber('--timeout-ms', flags['timeout-ms'])
    const spec = await readSpec(flags, command)
    // Not cut off by Ctrl-C: a create that is cut off half-way leaves open whether there is a sandbox.
    const sandbox = await (await connect()).sandboxes.create(spec, {
      waitReady: false,
      keep: true,
      onWarning: (warning) => report.aside({ warning }, `Warning: ${warning.message}`),
    })
    const { name, id, workspace } = sandbox
    remains(`Sandbox ${name} was created and goes on starting. To end it, delete it: sandbox-cli delete ${name}`)
    if (flags['no-wait'] !== true) {
      using line = openProgressLine(stderr, report)
      await sandbox
        .waitReady({
          signal,
          ...(timeoutMs !== undefined && { timeoutMs }),
          onProgress: (progress) => line.tell(`${name}: ${describeProgress(progress)}`),
        })
        .catch((error: unknown) => {
          if (!signal.aborted) report.note(`Sandbox ${name} stays, to be looked at: sandbox-cli watch ${name}`)
          throw error
        })
    }
    const { phase } = sandbox.info
    report.result({ name, id, workspace, phase }, `${name} is ${phase}`)
    return 0
  },
})
