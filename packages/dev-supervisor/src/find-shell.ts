import { existsSync } from 'node:fs'
import type { Logger } from 'pino'

const BASH = '/bin/bash'
const FALLBACK = '/bin/sh'

/** The shell that runs commands: `/bin/bash`, or `/bin/sh` where that is missing, with one line in the log. */
export function findShell(logger: Logger, exists: (path: string) => boolean = existsSync): string {
  if (exists(BASH)) return BASH
  logger.warn(`${BASH} is missing; commands run in ${FALLBACK}. Install bash for what OpenShell's own sandboxes do.`)
  return FALLBACK
}
