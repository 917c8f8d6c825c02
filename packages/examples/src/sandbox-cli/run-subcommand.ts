import type { CommandEvent, CommandHandle } from '@openshell-ts/sdk'
import { UsageError } from '../usage-error.js'
import { killOnInterrupt } from './kill-on-interrupt.js'
import { readNumber } from './read-number.js'
import { defineSubcommand, type Work } from './subcommand.js'
import { writeOutput } from './write-output.js'

const OPTIONS = {
  cwd: { type: 'string', hint: 'PATH', description: 'working directory in the sandbox' },
  stdin: { type: 'boolean', description: 'give the command what this program reads' },
  'timeout-ms': { type: 'string', hint: 'N', description: 'end the command after this time, with code 124' },
  kill: {
    type: 'boolean',
    description:
      'let Ctrl-C end the command too; a process that has left its parents, as a daemon does, goes on all the same',
  },
} as const

/** `run`: one command, with its output and its exit code. */
export const runSubcommand = defineSubcommand({
  summary: "Run a command, and end with the command's own exit code",
  words: { NAME: 'name of the sandbox' },
  flags: OPTIONS,
  command: 'required',
  examples: [
    'run box -- pytest -q',
    "run box --cwd src -- sh -c 'ls | wc -l'",
    'run box --stdin -- tar xf - < archive.tar',
    'run box --kill -- npm run dev',
    'run box --timeout-ms 60000 --json -- make test',
  ],
  exitCodes: {
    N: "the command's own",
    124: 'the time of --timeout-ms ran out',
    125: 'the command was not run to its end',
    130: 'ended by Ctrl-C; the command goes on in the sandbox without --kill',
  },
  failureCode: 125,
  async run(work) {
    const { report, words, connect, flags, command, stdin, signal } = work
    const timeoutMs = readNumber('--timeout-ms', flags['timeout-ms'])
    if (flags.kill === true && report.json) throw new UsageError('--kill and --json do not go together.')
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    const options = {
      ...(flags.cwd !== undefined && { cwd: flags.cwd }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(flags.stdin === true && { stdin }),
    }
    work.remains('The command goes on in the sandbox.')
    if (flags.kill === true)
      return streamKillable(work, await sandbox.commands.start(command, { ...options, killable: true }))
    if (!report.json) return stream(work, await sandbox.commands.start(command, { ...options, signal }))
    const { exitCode, exit, stdoutText, stderrText, truncated, durationMs } = await sandbox.commands.run(command, {
      ...options,
      signal,
    })
    const result = { exitCode, exit, stdout: stdoutText, stderr: stderrText, truncated, durationMs }
    report.result(result, '')
    return exitCode
  },
})

async function streamKillable(work: Work, command: CommandHandle): Promise<number> {
  const { signal, report, interruptCode } = work
  await using handle = command
  await using _ = killOnInterrupt(handle, { signal, onFailure: report.fail })
  const exitCode = await stream(work, handle)
  if (!signal.aborted) return exitCode
  report.note('Interrupted. The command was ended.')
  return interruptCode()
}

async function stream({ stdout, stderr, report }: Work, events: AsyncIterable<CommandEvent>): Promise<number> {
  let exitCode = 0
  for await (const event of events) {
    if (event.type === 'stdout') await writeOutput(stdout, event.data)
    else if (event.type === 'stderr') await writeOutput(stderr, event.data)
    else {
      exitCode = event.exitCode
      if (event.exit.type === 'timed-out') report.note('The time of --timeout-ms ran out.')
      if (!event.outputComplete) report.note('The connection broke off after the command ended: output may be missing.')
    }
  }
  return exitCode
}
