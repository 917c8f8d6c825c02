import { OpenShellError } from './openshell-error.js'

/** The error of a handle whose sandbox is gone while another one has its name. */
export function replacedSandbox(sandboxName: string): OpenShellError {
  return new OpenShellError({
    kind: 'not-found',
    message: `Sandbox "${sandboxName}" is gone; another sandbox has its name now.`,
    hint: 'Use sandboxes.get(name) for the one that is there now.',
    sandboxName,
  })
}
