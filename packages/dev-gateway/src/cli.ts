import { readFileSync } from 'node:fs'
import { parseCommandLine } from './cli-options.js'
import { EmptySocketError } from './errors/empty-socket-error.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import { UnknownFlagError } from './errors/unknown-flag-error.js'

async function main(args: readonly string[]): Promise<void> {
  ignoreClosedPipes()
  const request = parseCommandLine(args, process.env)
  if (request.type === 'help') process.stdout.write(request.text)
  else if (request.type === 'version') process.stdout.write(`${packageVersion()}\n`)
  else {
    // Loading what serves takes most of a second, and who asks for help or mistypes a flag need not wait for it.
    const { serve } = await import('./serve.js')
    await serve(request.serve)
  }
}

/** Who read the output, as `head` does, may be gone; sandboxes go on. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String((manifest as { version?: unknown }).version)
}

function fail(error: unknown): void {
  const kind = error instanceof GatewayStartError ? error.kind : 'execution'
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`Error: ${kind} error: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
  process.exitCode = error instanceof EmptySocketError ? error.exitCode : 1
}

main(process.argv.slice(2)).catch(async (error: unknown) => {
  fail(error instanceof UnknownFlagError ? await error.withNearest() : error)
})
