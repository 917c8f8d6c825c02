import { OpenShellError } from '../errors/openshell-error.js'

/** Throws kind `unsupported` for what no gateway of line 0.0 can do. */
export function needsLine01(what: string, firstVersion = '0.1.0'): never {
  throw new OpenShellError({
    kind: 'unsupported',
    message: `${what} needs a gateway from version ${firstVersion} on; this gateway speaks line 0.0.`,
    hint: 'Nothing was sent. Leave it out for this gateway, or use a later one.',
  })
}

/** Throws kind `unsupported` for what no gateway of line 0.1 can do any more. */
export function onlyLine00(what: string): never {
  throw new OpenShellError({
    kind: 'unsupported',
    message: `${what} exists on gateways 0.0.88 to 0.0.116 only; this gateway speaks line 0.1.`,
    hint: 'Nothing was sent. Leave it out for this gateway.',
  })
}

/** Throws kind `unsupported` for what gateways learned in a version that this release does not know the messages of. */
export function notInThisRelease(what: string, firstVersion: string, alternative: string): never {
  throw new OpenShellError({
    kind: 'unsupported',
    message: `${what} is offered by gateways from version ${firstVersion} on, and not by this release.`,
    hint: `Nothing was sent. Use ${alternative}.`,
  })
}
