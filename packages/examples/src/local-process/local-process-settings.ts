import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { SettingDefinitions, SettingValues } from '@openshell-ts/driver-kit'

/** The driver's own settings: flags of `serve`, each with an environment variable that stands in for it. */
export const localProcessSettings = {
  openshellEndpoint: {
    flag: 'openshell-endpoint',
    environment: 'OPENSHELL_GRPC_ENDPOINT',
    description: 'URL of the gateway as sandboxes reach it.',
    default: 'http://127.0.0.1:17670',
    check: (value) => (/^https?:/.test(value) && URL.canParse(value) ? undefined : 'must be an http or https URL'),
  },
  supervisorCommand: {
    flag: 'supervisor-command',
    environment: 'LOCAL_PROCESS_SUPERVISOR_COMMAND',
    description: 'Path of another supervisor program to run in sandboxes, in place of openshell-dev-supervisor.',
    check: (value) => (isProgram(value) ? undefined : 'must be the absolute path of a program that this user may run'),
  },
} as const satisfies SettingDefinitions

// A sandbox whose supervisor cannot be started looks like one whose work has failed.
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isAbsolute(path) && statSync(path).isFile()
  } catch {
    return false
  }
}

/** What the handlers read. */
export type LocalProcessSettings = SettingValues<typeof localProcessSettings>
