import type { TerminalHandle } from '@openshell-ts/sdk'
import { UsageError } from '../usage-error.js'
import { defineSubcommand } from './subcommand.js'
import type { Surroundings } from './surroundings.js'
import { writeOutput } from './write-output.js'

const SHELL = ['sh', '-c', 'command -v bash > /dev/null && exec bash || exec sh']

/** `shell`: a terminal in the sandbox. */
export const shellSubcommand = defineSubcommand({
  summary: 'Open a terminal in a sandbox, which takes every key, also Ctrl-C',
  words: { NAME: 'name of the sandbox' },
  flags: { cwd: { type: 'string', hint: 'PATH', description: 'working directory in the sandbox' } },
  command: 'optional',
  examples: ['shell box', 'shell box -- python3', 'shell box --cwd /srv -- top'],
  exitCodes: { N: 'the one of the shell or the command', 125: 'the terminal broke off' },
  failureCode: 125,
  async run({ connect, words, flags, command, ...surroundings }) {
    const { stdin, stdout, signal } = surroundings
    if (!stdin.isTTY || !stdout.isTTY) throw new UsageError('shell needs a terminal; use run, with --stdin for input.')
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    await using terminal = await sandbox.commands.interactive(command.length > 0 ? command : SHELL, {
      signal,
      cols: stdout.columns ?? 80,
      rows: stdout.rows ?? 24,
      environment: { TERM: surroundings.environment['TERM'] ?? 'xterm' },
      ...(flags.cwd !== undefined && { cwd: flags.cwd }),
    })
    using _ = connectKeys(terminal, surroundings)
    for await (const event of terminal) {
      if (event.type === 'exit') return event.exitCode
      await writeOutput(stdout, event.data)
    }
    return 0
  },
})

/** Sends every key and every change of the size; disposing gives the local terminal back. */
function connectKeys(terminal: TerminalHandle, { stdin, stdout }: Pick<Surroundings, 'stdin' | 'stdout'>): Disposable {
  let isOver = false
  // A slow sandbox holds back a paste. What comes after the end of the command is for nobody.
  const send = (keys: Uint8Array) => {
    stdin.pause()
    terminal.write(keys).then(
      () => isOver || stdin.resume(),
      () => undefined,
    )
  }
  const resize = () => terminal.resize(stdout.columns ?? 80, stdout.rows ?? 24)
  stdin.setRawMode?.(true)
  stdin.on('data', send)
  stdout.on('resize', resize)
  return {
    [Symbol.dispose]() {
      isOver = true
      stdin.off('data', send)
      stdout.off('resize', resize)
      stdin.setRawMode?.(false)
      stdin.pause()
    },
  }
}
