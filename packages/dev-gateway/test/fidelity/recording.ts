import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** JSON of a recording; looked into without a schema, as the tools that wrote it do. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** A JSON object. */
export type JsonMap = { [key: string]: Json }

/** One step of a recorded scenario: one of its first keys says what it does, the others how. */
export interface RecordedStep {
  readonly call?: string
  readonly stream?: string
  readonly stream_result?: string
  readonly row?: string
  readonly until_row?: string
  readonly reply?: Readonly<Record<string, Json>>
  readonly emit?: JsonMap
  readonly end_streams?: true | JsonMap
  readonly record?: JsonMap
  readonly supervisor?: 'connect' | 'close' | 'dump'
  readonly until_call?: string
  readonly wait?: number
  readonly gateway?: 'start' | 'stop'
  readonly driver?: 'start' | 'stop'
  readonly health?: string
  readonly log_grep?: string

  readonly as?: string
  readonly request?: JsonMap
  readonly token?: string
  readonly opts?: { readonly deadline_ms?: number; readonly cancel_after_ms?: number }
  /** The answer of this call is not recorded, only its status. */
  readonly drop?: boolean
  /** How long to wait for the end of a stream, in milliseconds. */
  readonly wait_end?: number
  readonly cancel?: boolean
  readonly workspace?: string
  readonly phase?: string
  readonly gone?: boolean
  readonly id?: string
  readonly instance?: string
  readonly relay?: RelayBehavior
  readonly how?: 'cancel'
  readonly signal?: 'SIGKILL'
  readonly count?: number
  readonly ms?: number
  readonly poll?: number
}

/** What a supervisor does when the gateway asks for a relay; without one it stays silent. */
export type RelayBehavior = 'fail' | 'open' | 'ssh'

/** How the gateway of a scenario is configured. */
export interface RecordedConfig {
  readonly driver_name?: string
  readonly table_name?: string
  /** `null` leaves the key out. */
  readonly compute_drivers?: readonly string[] | null
  readonly no_table?: boolean
  readonly no_socket_path?: boolean
  readonly table_extra?: JsonMap
  readonly gateway_extra?: JsonMap
  readonly gateway_jwt?: boolean
  readonly allow_unauthenticated_users?: boolean
  readonly db?: 'file'
  readonly args?: readonly string[]
}

/** A recorded scenario and what the real gateway did. */
export interface Recording {
  readonly id: string
  readonly area: string
  readonly gateway_config: RecordedConfig
  readonly driver_script: {
    readonly replies?: Readonly<Record<string, Json>>
    readonly capabilities?: JsonMap
    readonly model?: { readonly create_status?: null; readonly no_snapshot?: boolean }
  }
  readonly steps: readonly RecordedStep[]
  readonly run?: {
    readonly driver_start?: false
    /** How long to wait for the first start, in milliseconds. */
    readonly ready_ms?: number
    /** Keep the driver calls of the start too. */
    readonly all_calls?: boolean
  }
  readonly observed: Observed
}

/** What a run of a scenario showed, on both sides of the gateway and of the gateway itself. */
export interface Observed {
  readonly driver_calls: readonly JsonMap[]
  readonly client_results: readonly JsonMap[]
  readonly rows: readonly JsonMap[]
  readonly gateway: readonly JsonMap[]
}

/**
 * Reads every recording below a folder: the lines of its `.jsonl` files, in the order of their names.
 *
 * @throws Error that names the file and the line that is no recording.
 */
export function readRecordings(directory: string): Recording[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl'))
  if (names.length === 0) throw new Error(`${directory} holds no .jsonl files; give a folder of recorded scenarios.`)
  return names.sort().flatMap((name) => readLines(join(directory, name)))
}

function readLines(file: string): Recording[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseRecording(line, `${file}:${index + 1}`)]))
}

function parseRecording(line: string, where: string): Recording {
  let value: Partial<Recording> | null
  try {
    value = JSON.parse(line) as Partial<Recording> | null
  } catch {
    throw new Error(`${where}: this line is no JSON.`)
  }
  if (typeof value?.id !== 'string' || typeof value.area !== 'string' || !value.observed || !value.steps) {
    throw new Error(`${where}: a recorded scenario has id, area, steps and observed.`)
  }
  return { gateway_config: {}, driver_script: {}, ...value } as Recording
}
