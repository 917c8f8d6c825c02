import { mkdtemp, rm } from 'node:fs/promises'

/** A folder with a path that is short enough for sockets; removed at the end. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp('/tmp/bench-')
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
