import { OpenShellError } from '../errors/openshell-error.js'
import type { ProcessSignal } from '../model/process-signal.js'
import type { CommandResult } from './command-result.js'

const NOTE = `\${TMPDIR:-/tmp}/.openshell-command-$1`

// The shell stays, so that the exit of a command that a signal ends is reported as a code; what it traps its children do not.
const RUN = `note=${NOTE}; shift
trap : HUP INT QUIT TERM
(umask 077; echo $$ >"$note") || { echo "killable: the process id cannot be noted in $note" >&2; exit 126; }
"$@"
code=$?
rm -f -- "$note"
exit $code`

const NOTHING_TO_SIGNAL = 44

// Signals everything that descends from the shell which has noted its id. What cannot be read of others is not among that.
const KILL = `note=${NOTE}; signal=$2
processes() {
  if [ -r /proc/self/stat ]; then
    for stat in /proc/[0-9]*/stat; do
      read -r line 2>/dev/null <"$stat" || continue
      set -- \${line##*) }
      echo "\${line%% *} $2"
    done
  else
    ps -A -o pid=,ppid=
  fi
}
tries=0
while [ "$tries" -lt 20 ]; do
  if read -r top 2>/dev/null <"$note"; then
    all=$(processes)
    found=" $top "; before=
    while [ "$found" != "$before" ]; do
      before=$found
      while read -r id parent; do
        case $found in *" $id "*) continue ;; esac
        case $found in *" $parent "*) found="$found$id " ;; esac
      done <<END
$all
END
    done
    sent=
    for id in $found; do
      [ "$id" = "$top" ] || { kill -s "$signal" "$id" 2>/dev/null && sent=1; }
    done
    [ -z "$sent" ] || exit 0
  fi
  tries=$((tries + 1))
  sleep 0.1
done
exit ${NOTHING_TO_SIGNAL}`

/** The command as it is run so that `signalCommand` finds it by the id. */
export function toKillable(command: readonly string[], id: string): string[] {
  return ['sh', '-c', RUN, 'sh', id, ...command]
}

/**
 * Sends a signal to a command and all that descends from it, by another command. Waits up to 2 s for one that has not begun. False when
 * there is nothing to signal.
 */
export async function signalCommand(
  run: (command: readonly string[]) => Promise<CommandResult>,
  id: string,
  signal: ProcessSignal,
): Promise<boolean> {
  const { exitCode, stderrText } = await run(['sh', '-c', KILL, 'sh', id, signal.slice('SIG'.length)])
  if (exitCode === 0 || exitCode === NOTHING_TO_SIGNAL) return exitCode === 0
  throw new OpenShellError({
    kind: 'failed-precondition',
    message: `The command could not be signalled (exit code ${exitCode}): ${stderrText.trim().slice(0, 500)}`,
    hint: 'The sandbox needs sh, and /proc or ps, for that.',
    rpc: 'ExecSandbox',
  })
}
