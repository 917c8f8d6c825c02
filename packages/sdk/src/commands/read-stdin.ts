import { OpenShellError } from '../errors.js'
import type { CommandStartOptions } from './command-options.js'

/** What fits into one request beside the command itself. */
export const MAX_STDIN_BYTES = 900 * 1024

/** Collects what a command is to read. Throws kind `invalid-argument` above 900 KiB, without reading further. */
export async function readStdin(stdin: CommandStartOptions['stdin']): Promise<Uint8Array> {
  const source = stdin === undefined ? [] : typeof stdin === 'string' || stdin instanceof Uint8Array ? [stdin] : stdin
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const item of source) {
    const chunk = typeof item === 'string' ? new TextEncoder().encode(item) : item
    size += chunk.length
    if (size > MAX_STDIN_BYTES) throw tooLong()
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

function tooLong(): OpenShellError {
  return new OpenShellError({
    kind: 'invalid-argument',
    message: `Option stdin holds more than ${MAX_STDIN_BYTES} bytes, which is what this wire line carries in one request.`,
    hint: "Append it to a file in the sandbox in several runs, such as commands.run(['sh', '-c', 'cat >> input'], { stdin: part }).",
    violations: [{ field: 'stdin', description: `exceeds ${MAX_STDIN_BYTES} bytes`, reason: 'TOO_LONG' }],
  })
}
