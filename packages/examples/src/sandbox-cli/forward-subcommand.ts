import { UsageError } from '../usage-error.js'
import { defineSubcommand } from './subcommand.js'

const LARGEST_PORT = 65_535

/** `forward`: a local port that leads into the sandbox, until Ctrl-C. */
export const forwardSubcommand = defineSubcommand({
  summary: 'Let a local port lead into a sandbox, until Ctrl-C',
  words: { NAME: 'name of the sandbox', PORT: 'port in the sandbox, or LOCAL:PORT; a free local one without' },
  flags: {},
  examples: ['forward box 8080', 'forward box 3000:8080', 'forward box 0:5432 --json'],
  exitCodes: { 0: 'ended by Ctrl-C', 1: 'it could not listen, or the sandbox is gone' },
  async run({ connect, words, report, signal }) {
    const { localPort, targetPort } = readPorts(words.PORT)
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    await using forward = await sandbox.ports.forward({
      targetPort,
      localPort,
      signal,
      onConnectionError: ({ plainMessage }) => report.note(`A connection failed: ${plainMessage}`),
    })
    const { localHost } = forward
    report.result(
      { localHost, localPort: forward.localPort, targetPort, sandbox: sandbox.name },
      `${localHost}:${forward.localPort} leads to port ${targetPort} of ${sandbox.name}`,
    )
    const reason = await forward.closed
    if (reason) throw reason
    report.note('The forward is closed.')
    return 0
  },
})

function readPorts(text: string): { readonly localPort: number; readonly targetPort: number } {
  const { local = '0', target } = /^(?:(?<local>\d{1,5}):)?(?<target>\d{1,5})$/.exec(text)?.groups ?? {}
  if (target === undefined) throw new UsageError('PORT must be a port, as in 8080, or two, as in 3000:8080.')
  const [localPort, targetPort] = [Number(local), Number(target)]
  if (targetPort >= 1 && Math.max(localPort, targetPort) <= LARGEST_PORT) return { localPort, targetPort }
  throw new UsageError(`PORT must be from 1 to ${LARGEST_PORT}; LOCAL may be 0, for a free one.`)
}
