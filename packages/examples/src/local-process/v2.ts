import { withDefault } from '@openshell-ts/driver-config'
import { Type } from 'typebox'

const file = Type.Object({
  path: Type.String({ format: 'subpath', maxLength: 255, description: 'Where it lies, below the working directory.' }),
  content: Type.String({ description: 'Its text. Secrets do not belong here.' }),
  executable: Type.Optional(Type.Boolean({ description: 'Whether it can be run.', default: false })),
})

const workingDirectory = Type.String({
  format: 'subpath',
  maxLength: 255,
  description: 'The directory in which commands start, below the home of the sandbox.',
})

const limits = Type.Object(
  {
    open_files: Type.Optional(
      Type.Integer({ minimum: 64, maximum: 1_048_576, description: 'Most files that one process may have open.' }),
    ),
    file_size_bytes: Type.Optional(
      Type.Integer({
        minimum: 1_048_576,
        maximum: 1_099_511_627_776,
        multipleOf: 512,
        description: 'Largest size of one file, in whole blocks of 512 bytes.',
      }),
    ),
  },
  { description: 'What one process may use at most. Without a limit: as much as the driver may.' },
)

const stop = Type.Object(
  { timeout_ms: Type.Integer({ minimum: 0, maximum: 600_000, description: 'Milliseconds from SIGTERM to SIGKILL.' }) },
  { description: 'How the processes end when the sandbox stops.' },
)

const umask = Type.String({
  pattern: '^[0-7]{3}$',
  description: 'The permissions, in octal, that new files of the processes do not get.',
})

/** Version 2 of the block, in TypeBox 1.x: the units that machines count in, limits in a group of their own, and `umask`. */
export const localProcessV2 = Type.Object({
  working_directory: withDefault(workingDirectory, 'work'),
  files: withDefault(Type.Array(file, { maxItems: 64, description: 'Files that are there from the start.' }), []),
  keep_files: withDefault(Type.Boolean({ description: 'Whether the home of the sandbox survives a stop.' }), true),
  limits: withDefault(limits, {}),
  stop: withDefault(stop, { timeout_ms: 10_000 }),
  priority: withDefault(
    Type.Integer({ minimum: 0, maximum: 19, description: 'How far the processes step back for others.' }),
    0,
  ),
  umask: withDefault(umask, '022'),
})
