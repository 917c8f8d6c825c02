import { Writable } from 'node:stream'
import { ChannelOutput } from './channel-output.js'
import { type CommandRequest, type RunningCommand, refuseCommand } from './command.js'
import { SupervisorError } from './supervisor-error.js'
import { Terminal, type TerminalSize } from './terminal.js'

/** Exit status for a command that a signal ended, as OpenShell's own supervisor of line 0.0 sends it. */
const KILLED_STATUS = 1

/**
 * Runs a command on a pseudo-terminal. All output is channel data. The client's EOF only ends the input; closing the channel
 * takes the terminal away.
 */
export function runTerminalCommand(request: CommandRequest, size: TerminalSize): RunningCommand {
  const { channel, closed } = request
  const output = new ChannelOutput(channel, closed)
  let terminal: Terminal
  try {
    terminal = new Terminal({ ...request, size, onOutput: (bytes) => output.write('stdout', bytes) })
  } catch (error) {
    refuseCommand(channel, error instanceof SupervisorError ? error.message : 'the terminal cannot be started')
    return { resize() {} }
  }
  const group = terminal.processId
  request.onGroup(group)
  const input = terminalInput(terminal)
  channel.pipe(input)
  closed.addEventListener('abort', () => terminal.hangUp(), { once: true })
  terminal.exited.then(async (exit) => {
    request.onGroupEnded(group)
    channel.unpipe(input)
    await output.finish('code' in exit ? exit.code : KILLED_STATUS)
  })
  return { resize: (next) => terminal.resize(next) }
}

function terminalInput(terminal: Terminal): Writable {
  return new Writable({
    write(bytes: Buffer, _encoding, callback) {
      terminal.write(bytes).then(() => callback())
    },
  })
}
