import { defineDriverConfig, type Resolved } from '@openshell-ts/driver-config'
import { noClashingFiles } from './no-clashing-files.js'
import { localProcessV1 } from './v1.js'
import { localProcessV2 } from './v2.js'

const BYTES_PER_MIB = 1_048_576
const MS_PER_SECOND = 1_000

const files = [{ path: 'bin/hello', content: '#!/bin/sh\necho hello\n', executable: true }]

/** Every version of the block `driver_config.local-process`. Driver and clients check blocks with the same object. */
export const localProcessConfig = defineDriverConfig('local-process', { domain: 'local-process.example' })
  .version(1, localProcessV1, {
    since: '1.0.0',
    rules: [noClashingFiles],
    examples: {
      minimal: {},
      full: {
        workdir: 'project',
        files,
        keep_files: false,
        max_open_files: 512,
        max_file_size_mib: 64,
        stop_timeout_seconds: 5,
        niceness: 5,
      },
      invalid: [{ value: { max_open_files: '512' }, code: 'TYPE_MISMATCH', path: 'driver_config.max_open_files' }],
    },
  })
  .version(2, localProcessV2, {
    since: '1.1.0',
    rules: [noClashingFiles],
    replaces: {
      workdir: 'working_directory',
      max_open_files: 'limits.open_files',
      max_file_size_mib: 'limits.file_size_bytes',
      stop_timeout_seconds: 'stop.timeout_ms',
      niceness: 'priority',
    },
    up: ({ workdir, max_open_files, max_file_size_mib, stop_timeout_seconds, niceness, ...unchanged }) => ({
      ...unchanged,
      working_directory: workdir,
      limits: {
        ...(max_open_files === undefined ? {} : { open_files: max_open_files }),
        ...(max_file_size_mib === undefined ? {} : { file_size_bytes: max_file_size_mib * BYTES_PER_MIB }),
      },
      stop: { timeout_ms: stop_timeout_seconds * MS_PER_SECOND },
      priority: niceness,
    }),
    examples: {
      minimal: {},
      full: {
        working_directory: 'project',
        files,
        keep_files: false,
        limits: { open_files: 512, file_size_bytes: 64 * BYTES_PER_MIB },
        stop: { timeout_ms: 5_000 },
        priority: 5,
        umask: '077',
      },
      invalid: [{ value: { workdir: 'project' }, code: 'FIELD_REPLACED', path: 'driver_config.workdir' }],
    },
  })
  .build()

/** The block as handlers get it: always version 2, complete. */
export type LocalProcessConfig = Resolved<typeof localProcessConfig>
