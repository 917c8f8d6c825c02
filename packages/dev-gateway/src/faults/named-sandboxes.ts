/** The names of the sandboxes that a request may be about; `nameOf` tells the name that belongs to an id. */
export function namedSandboxes(request: unknown, nameOf: (id: string) => string | undefined): readonly string[] {
  if (typeof request !== 'object' || request === null) return []
  const { name, sandboxName, id, sandboxId, sandbox, payload } = request as Record<string, unknown>
  const names = [
    name,
    sandboxName,
    // Requests of line 0.1 name the sandbox here; elsewhere it is a message.
    sandbox,
    ...[id, sandboxId].map((text) => (typeof text === 'string' ? nameOf(text) : undefined)),
  ]
  return [
    ...names.filter((text): text is string => typeof text === 'string' && text !== ''),
    ...namedSandboxes(sandbox, nameOf),
    // The first frame of a stream.
    ...(isFrame(payload) ? namedSandboxes(payload.value, nameOf) : []),
  ]
}

function isFrame(payload: unknown): payload is { readonly value: unknown } {
  return typeof payload === 'object' && payload !== null && 'value' in payload
}
