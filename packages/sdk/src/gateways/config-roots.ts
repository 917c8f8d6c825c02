import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { type Environment, variable } from './environment.js'

/** The folders in which the command line tool keeps its gateways. */
export interface ConfigRoots {
  /** Gateways and credentials of the user. */
  readonly user: string
  /** Gateways of the whole machine: no credentials, and never written. */
  readonly system: string
}

/** Finds the folders as the command line tool does, except that an empty variable counts as unset. */
export function findConfigRoots(environment: Environment, platform: NodeJS.Platform = process.platform): ConfigRoots {
  const system = variable(environment, 'OPENSHELL_SYSTEM_GATEWAY_DIR')
  return {
    user: join(configHome(environment, platform), 'openshell'),
    system: system !== undefined && isAbsolute(system) ? system : '/etc/openshell',
  }
}

function configHome(environment: Environment, platform: NodeJS.Platform): string {
  const xdg = variable(environment, 'XDG_CONFIG_HOME')
  if (xdg !== undefined) return xdg
  const appData = platform === 'win32' ? variable(environment, 'APPDATA') : undefined
  return appData ?? join(variable(environment, 'HOME') ?? homedir(), '.config')
}
