import type * as Files from 'node:fs/promises'
import { KillPlan } from './kill-plan.js'

type AtomicWrite = (path: string, data: string, options: { mode: number }) => Promise<void>

/** The file functions that change something, with points at which a process can be killed. */
export function killableFiles(files: typeof Files): typeof Files {
  return {
    ...files,
    mkdir: killable('mkdir', files.mkdir) as typeof files.mkdir,
    rename: killable('rename', files.rename),
    rm: killable('rm', files.rm),
    writeFile: killable('write', files.writeFile as AtomicWrite, (path, data, options) =>
      files.writeFile(path, half(data), options),
    ) as typeof files.writeFile,
  }
}

/** The atomic write, which leaves a temporary file beside its target when it is cut off. */
export function killableAtomicWrite(module: { readonly default: unknown }): { readonly default: AtomicWrite } {
  const write = module.default as AtomicWrite
  return {
    default: killable('atomic write', write, async (path, data, options) => {
      const { writeFile } = await import('node:fs')
      await new Promise<void>((resolve, reject) => {
        writeFile(`${path}.1234567`, half(data), options, (error) => (error === null ? resolve() : reject(error)))
      })
    }),
  }
}

function killable<Arguments extends unknown[], Result>(
  name: string,
  run: (...args: Arguments) => Promise<Result>,
  half?: (...args: Arguments) => Promise<void>,
): (...args: Arguments) => Promise<Result> {
  return (...args) => {
    const plan = KillPlan.current
    if (plan === undefined) return run(...args)
    return plan.effect({
      name,
      run: () => run(...args),
      ...(half === undefined ? {} : { half: () => half(...args) }),
    })
  }
}

function half(text: string): string {
  return text.slice(0, text.length / 2)
}
