/** A reader of the output that goes away, as `head` does, is no fault of the program and ends no sandboxes. */
export function ignoreClosedPipe(): void {
  if (!process.stdout.listeners('error').includes(passOver)) process.stdout.on('error', passOver)
}

function passOver(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
