/** A copy of a schema of either TypeBox line with more keywords. The schema that is passed in stays as it is. */
export function annotate<Schema extends object>(schema: Schema, keywords: Readonly<Record<string, unknown>>): Schema {
  // Descriptors, because both lines keep what they know about a schema in members that a plain copy loses.
  const copy: Schema = Object.create(Object.getPrototypeOf(schema), Object.getOwnPropertyDescriptors(schema))
  for (const [key, value] of Object.entries(keywords)) {
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return copy
}
