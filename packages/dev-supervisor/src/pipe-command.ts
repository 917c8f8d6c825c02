import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { ServerChannel } from 'ssh2'
import { ChannelOutput } from './channel-output.js'
import { type CommandRequest, type RunningCommand, refuseCommand } from './command.js'
import { drainOutput } from './drain-output.js'

/** Exit status for a command that a signal ended, as OpenShell's own supervisor of line 0.0 sends it. */
const KILLED_STATUS = 1

/** Runs a command with pipes: stdout as channel data, stderr as extended data, the client's EOF as the end of stdin. */
export function runPipeCommand(request: CommandRequest): RunningCommand {
  const { channel, closed, program, parameters, workdir, environment } = request
  // In a session of its own: its group can be signalled, and the supervisor's terminal is not its own.
  const child = spawn(program, parameters, { cwd: workdir, env: environment, stdio: 'pipe', detached: true })
  child.once('error', (error: NodeJS.ErrnoException) => {
    if (child.pid === undefined)
      refuseCommand(channel, `the command cannot be started (${error.code ?? 'unknown error'})`)
  })
  const { pid } = child
  if (pid === undefined) return { resize() {} }
  request.onGroup(pid)
  connectInput(channel, child)
  const output = new ChannelOutput(channel, closed)
  const ended = Promise.all([output.pump('stdout', child.stdout), output.pump('stderr', child.stderr)])
  child.once('exit', async (code) => {
    request.onGroupEnded(pid)
    await drainOutput(output, ended)
    channel.unpipe(child.stdin)
    await output.finish(code ?? KILLED_STATUS)
  })
  return { resize() {} }
}

function connectInput(channel: ServerChannel, child: ChildProcessWithoutNullStreams): void {
  // The command may end, or close its stdin, before it has read everything: the rest is read and dropped.
  const discard = () => {
    channel.unpipe(child.stdin)
    channel.resume()
  }
  child.stdin.on('error', discard)
  child.stdin.once('close', discard)
  channel.pipe(child.stdin)
}
