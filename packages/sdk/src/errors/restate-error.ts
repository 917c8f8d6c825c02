import { OpenShellError, type OpenShellErrorFields } from './openshell-error.js'

/** What an error says, without its kind. */
export function textOf({ kind, message }: OpenShellError): string {
  return message.replace(`[${kind}] `, '')
}

/** The same error with other fields; its class becomes the base class. */
export function restateError(error: OpenShellError, fields: Partial<OpenShellErrorFields>): OpenShellError {
  return new OpenShellError({ ...error, message: textOf(error), cause: error.cause, ...fields })
}
