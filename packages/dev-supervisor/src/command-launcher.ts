import { type ChildEnvironmentOptions, commandEnvironment } from './child-environment.js'
import { runPipeCommand } from './pipe-command.js'
import type { ProcessGroups } from './process-groups.js'
import type { Launch } from './ssh-session.js'
import { runTerminalCommand } from './terminal-command.js'

/** TERM of a command without a terminal. */
const NO_TERMINAL = 'dumb'

/** TERM of a terminal whose client names no type. */
const DEFAULT_TERMINAL = 'xterm-256color'

/** Starts commands in the sandbox's shell, environment and folder. */
export function createCommandLauncher(environment: ChildEnvironmentOptions, groups: ProcessGroups): Launch {
  return ({ channel, closed, line, terminal, withoutProfile }) => {
    const request = {
      channel,
      closed,
      program: environment.shell,
      parameters: shellParameters(line, { onTerminal: terminal !== undefined, withoutProfile }),
      workdir: environment.workdir,
      environment: commandEnvironment(environment, {
        term: terminal ? terminal.term || DEFAULT_TERMINAL : NO_TERMINAL,
      }),
      onGroup: (group: number) => groups.add(group),
      onGroupEnded: (group: number) => groups.leaderEnded(group),
    }
    return terminal ? runTerminalCommand(request, terminal.size) : runPipeCommand(request)
  }
}

function shellParameters(
  line: string | undefined,
  { onTerminal, withoutProfile }: { readonly onTerminal: boolean; readonly withoutProfile: boolean },
): readonly string[] {
  if (line !== undefined) return [withoutProfile ? '-c' : '-lc', line]
  return onTerminal ? ['-i'] : []
}
