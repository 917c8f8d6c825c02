const flags = { port: '--port', healthPort: '--health-port', statusPort: '--status-port' } as const

/** The error for a port of 127.0.0.1 that cannot be listened on. `option` is where it was asked for. */
export function listenError(port: number, option: keyof typeof flags, cause: Error): Error {
  return new Error(`Cannot listen on 127.0.0.1:${port}: ${problem(option, cause.message)}`, { cause })
}

function problem(option: keyof typeof flags, reason: string): string {
  const advice = `choose another one with ${flags[option]} (${option}), or 0 for a free one.`
  if (reason.includes('EADDRINUSE')) return `the port is in use; ${advice}`
  if (reason.includes('EACCES')) return `this user may not use the port; ${advice}`
  return reason
}
