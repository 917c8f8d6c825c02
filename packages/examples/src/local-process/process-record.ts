import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { ProcessIdentity } from './process-table.js'

/** What is known of a sandbox's first process. It outlives the driver, so that a restarted one finds the process again. */
export interface ProcessRecord extends ProcessIdentity {
  /** Set once the process has ended by itself; 128 + N after signal N. */
  readonly exitCode?: number
}

/** Reads a record; `undefined` when there is none, which means that the sandbox is stopped. */
export function readProcessRecord(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a record in one step: a reader, or a driver that is killed meanwhile, sees the old one or the new one. */
export function writeProcessRecord(file: string, record: ProcessRecord): void {
  writeFileSync(`${file}.new`, JSON.stringify(record))
  renameSync(`${file}.new`, file)
}

/** Removes a record: nothing is meant to run any more. */
export function removeProcessRecord(file: string): void {
  rmSync(file, { force: true })
}
