import { OpenShellError } from '../errors/openshell-error.js'
import type { CommandResult } from './command-result.js'
import { MAX_STDIN_BYTES } from './read-stdin.js'

/** Runs a command of ours in the sandbox. */
export type RunScript = (command: readonly string[], stdin: Uint8Array) => Promise<CommandResult>

// The open file stays readable after its name is gone, so nothing is left behind even when the command is killed.
const RUN_FROM_FILE = 'exec <"$1" && rm -f -- "$1" && shift && exec "$@"'

/**
 * Puts a long input into a file of the sandbox, one request after the other, and returns the command that reads it from there. The
 * file is gone when the command starts; on a failure it is removed.
 */
export async function stageStdin(
  command: readonly string[],
  pieces: AsyncIterable<Uint8Array>,
  run: RunScript,
): Promise<string[]> {
  const made = await run(['mktemp', '-t', 'openshell-stdin-XXXXXX'], new Uint8Array())
  requireSuccess(made)
  const file = made.stdoutText.trim()
  try {
    for await (const part of inParts(pieces)) requireSuccess(await run(['sh', '-c', 'cat >>"$1"', 'sh', file], part))
    return ['sh', '-c', RUN_FROM_FILE, 'sh', file, ...command]
  } catch (error) {
    await run(['rm', '-f', '--', file], new Uint8Array()).catch(() => undefined)
    throw error
  }
}

/** Joins and cuts pieces into parts that fill a request. */
async function* inParts(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; ) {
      const taken = piece.subarray(start, start + MAX_STDIN_BYTES - size)
      waiting.push(taken)
      size += taken.length
      start += taken.length
      if (size < MAX_STDIN_BYTES) continue
      yield Buffer.concat(waiting)
      waiting = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(waiting)
}

function requireSuccess({ exitCode, stderrText }: CommandResult): void {
  if (exitCode === 0) return
  throw new OpenShellError({
    kind: 'failed-precondition',
    message: `Option stdin is longer than one request of this wire line carries, and it could not be put into a file of the sandbox (exit code ${exitCode}): ${stderrText.trim().slice(0, 500)}`,
    hint: 'The sandbox needs sh, cat, mktemp and room in its temporary folder for that. Gateways from 0.1.0 need none of it.',
    rpc: 'ExecSandbox',
  })
}
