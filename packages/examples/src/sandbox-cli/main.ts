import { listenForExitSignals } from '../exit-signals.js'
import { runSandboxCli } from './run-sandbox-cli.js'

const BROKEN_PIPE_CODE = 141
const PATIENCE_MS = 500

const { signal, exitCode } = listenForExitSignals({ again: 'end' })
signal.addEventListener('abort', () => {
  setTimeout(() => process.stderr.write('Ending what was begun; Ctrl-C once more ends at once.\n'), PATIENCE_MS).unref()
})
// A reader that goes away, as head does, ends the program without a word.
process.stdout.on('error', () => process.exit(BROKEN_PIPE_CODE))
process.exitCode = await runSandboxCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal,
  interruptCode: () => exitCode() ?? 1,
})
