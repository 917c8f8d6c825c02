import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where a driver keeps its state when nobody says: `openshell/drivers/NAME` below `$XDG_STATE_HOME`, which is
 * `~/.local/state` unless the variable holds an absolute path.
 */
export function defaultStateDirectory(
  driverName: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { XDG_STATE_HOME: stateHome = '' } = environment
  return join(isAbsolute(stateHome) ? stateHome : join(homedir(), '.local/state'), 'openshell/drivers', driverName)
}
