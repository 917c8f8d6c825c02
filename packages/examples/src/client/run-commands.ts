import type { CommandResult, Sandbox } from '@openshell-ts/sdk'
import type { StepResult } from './step-runner.js'
import type { Story } from './story.js'
import type { StepOutput } from './story-output.js'

const COMMANDS = [
  ['sh', '-c', 'echo "hello from $(uname -s), in $(basename "$PWD")"; find . -type f'],
  ['sh', '-c', 'echo "this goes to stderr" >&2; exit 3'],
] as const

/** Runs two commands. The second ends with a code other than 0, which is a result and not an error. */
export async function runCommands({ signal }: Story, sandbox: Sandbox, output: StepOutput): Promise<StepResult<void>> {
  const commands = []
  for (const command of COMMANDS) {
    output.say(`$ ${command.map(quoteWord).join(' ')}`)
    const result = await sandbox.commands.run(command, { signal, timeoutMs: 30_000 })
    tellResult(result, output)
    const { exitCode, stdoutText: stdout, stderrText: stderr } = result
    commands.push({ command, exitCode, stdout, stderr })
  }
  return { facts: { commands }, result: undefined }
}

function tellResult({ exitCode, stdoutText, stderrText }: CommandResult, output: StepOutput): void {
  for (const text of [stdoutText, stderrText]) if (text !== '') output.quote(text)
  output.say(`exit code ${exitCode}`)
}

function quoteWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word}'`
}
