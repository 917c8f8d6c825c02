/** What `ulimit -f` counts in. */
export const FILE_SIZE_BLOCK_BYTES = 512

/** What the shell sets up before it becomes the supervisor. All processes of the sandbox inherit it. */
export interface ProcessLimits {
  /** Open files of one process. Absent: the driver's own limit. */
  readonly openFiles?: number | undefined
  /** Size of one file; a multiple of 512. Absent: the driver's own limit. */
  readonly fileSizeBytes?: number | undefined
  /** Added to the driver's niceness, 0 to 19. */
  readonly priority: number
  /** Three octal digits. */
  readonly umask: string
}

/**
 * Wraps a command so that it runs within limits. Node cannot set them, so a shell does and then gives its place, and with
 * it its pid, to the command.
 */
export function launchCommand(command: readonly string[], limits: ProcessLimits): [string, ...string[]] {
  const { openFiles, fileSizeBytes, priority, umask } = limits
  const steps = [
    `umask ${umask}`,
    openFiles === undefined ? [] : `ulimit -n ${openFiles}`,
    fileSizeBytes === undefined ? [] : `ulimit -f ${fileSizeBytes / FILE_SIZE_BLOCK_BYTES}`,
    `exec nice -n ${priority} "$@"`,
  ]
  return ['/bin/sh', '-c', steps.flat().join(' && '), 'local-process', ...command]
}
