/** A reader of the output that goes away, as `head` does, does not cut off the work: what was begun is cleaned up. */
export function ignoreClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
