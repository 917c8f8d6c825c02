import { withDefault } from '@openshell-ts/driver-config'
import { Type } from '@sinclair/typebox'

const file = Type.Object({
  path: Type.String({ format: 'subpath', maxLength: 255, description: 'Where it lies, below the working directory.' }),
  content: Type.String({ description: 'Its text. Secrets do not belong here.' }),
  executable: Type.Optional(Type.Boolean({ description: 'Whether it can be run.', default: false })),
})

const workdir = Type.String({
  format: 'subpath',
  maxLength: 255,
  description: 'The directory in which commands start, below the home of the sandbox.',
})

/** Version 1 of the block, in TypeBox 0.34. Its shape never changes again: stored templates rely on it. */
export const localProcessV1 = Type.Object({
  workdir: withDefault(workdir, 'work'),
  files: withDefault(Type.Array(file, { maxItems: 64, description: 'Files that are there from the start.' }), []),
  keep_files: withDefault(Type.Boolean({ description: 'Whether the home of the sandbox survives a stop.' }), true),
  max_open_files: Type.Optional(
    Type.Integer({ minimum: 64, maximum: 1_048_576, description: 'Most files that one process may have open.' }),
  ),
  max_file_size_mib: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_048_576, description: 'Largest size of one file, in MiB.' }),
  ),
  stop_timeout_seconds: withDefault(
    Type.Integer({ minimum: 0, maximum: 600, description: 'Seconds from SIGTERM to SIGKILL at a stop.' }),
    10,
  ),
  niceness: withDefault(
    Type.Integer({ minimum: 0, maximum: 19, description: 'How far the processes step back for others.' }),
    0,
  ),
})
