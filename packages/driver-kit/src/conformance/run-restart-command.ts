import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ConformanceError } from './conformance-error.js'
import { untilListening } from './until-listening.js'

const startMs = 30_000
const tailLength = 2_000

/**
 * Runs a line of `/bin/sh` that ends a driver and starts it again; resolves when the driver serves.
 *
 * @throws ConformanceError `command-failed` when it does not end with 0, or the driver does not serve within 30 s.
 */
export async function runRestartCommand(command: string, socketPath: string): Promise<void> {
  // What the command starts may keep its output open, so its exit counts and not the end of its output.
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${String(chunk)}`.slice(-tailLength)
  })
  const [code] = await once(child, 'exit')
  child.stderr.destroy()
  if (code !== 0) {
    const printed = errors.trim() || 'nothing'
    throw new ConformanceError('command-failed', `The restart command ended with code ${code}. It printed: ${printed}`)
  }
  if (await untilListening(socketPath, AbortSignal.timeout(startMs))) return
  throw new ConformanceError(
    'command-failed',
    `The restart command ended well, but no driver serves on ${socketPath} ${startMs / 1_000} s later.`,
  )
}
