/** How a problem weighs: an `error` refuses the block, a `warning` never changes the verdict. */
export type IssueSeverity = 'error' | 'warning'

/** Who can remove the cause: the writer of the block, the operator, the world outside, or the driver's author. */
export type IssueFault = 'user' | 'operator' | 'environment' | 'driver'

/** What is known about a code before any document is seen. */
export interface IssueCodeEntry {
  /** Who can remove the cause. */
  readonly fault: IssueFault
  /** Whether the code refuses a block. */
  readonly severity: IssueSeverity
  /** The problem in a few words; the sentence when a report has no better one. */
  readonly summary: string
  /** What to change, when the report has no more precise instruction. */
  readonly fix: string
}

function code(fault: IssueFault, severity: IssueSeverity, summary: string, fix: string): IssueCodeEntry {
  return { fault, severity, summary, fix }
}

const user = (summary: string, fix: string): IssueCodeEntry => code('user', 'error', summary, fix)
const warning = (summary: string, fix: string): IssueCodeEntry => code('user', 'warning', summary, fix)
const driver = (summary: string): IssueCodeEntry =>
  code('driver', 'error', summary, "Report this to the driver's author; the block is not at fault.")

/** Every code, append-only: a code is never renamed and never given a new meaning. */
export const issueCodes = {
  CONFIG_NOT_OBJECT: user('must be an object', 'Write the block as an object with named fields.'),
  CONFIG_TOO_LARGE: user('is too large', 'Make the block smaller; large data does not belong in it.'),
  CONFIG_TOO_DEEP: user('is nested too deeply', 'Flatten the nesting.'),
  CONFIG_TOO_MANY_KEYS: user('has too many keys', 'Remove keys.'),
  KEY_FORBIDDEN: user('this key is not allowed anywhere', 'Remove the key.'),
  KEY_TOO_LONG: user('the key is too long', 'Shorten the key.'),
  STRING_TOO_LONG: user('the text is too long', 'Shorten the text.'),
  VALUE_NOT_JSON: user('is not a JSON value', 'Write a plain JSON value.'),
  CONFIG_NOT_SUPPORTED: user('this driver takes no config', 'Remove the block.'),
  SCHEMA_VERSION_INVALID: user('must be a whole number', 'Write a supported version as a whole number.'),
  SCHEMA_VERSION_TOO_NEW: user('is newer than this driver', 'Upgrade the driver, or write an older version.'),
  SCHEMA_VERSION_REMOVED: user('is no longer supported', 'Update the block to a supported version.'),
  SCHEMA_VERSION_REQUIRED: user('has no schema_version', 'Add schema_version and update the fields.'),
  UNKNOWN_FIELD: user('unknown field', 'Remove the key or correct its name.'),
  FIELD_REPLACED: user('was replaced', 'Use the field that replaced it.'),
  FIELD_REQUIRED: user('is required', 'Add the field.'),
  TYPE_MISMATCH: user('has the wrong type', 'Write a value of the expected type.'),
  NULL_NOT_ALLOWED: user('must not be null', 'Remove the key.'),
  NOT_AN_INTEGER: user('must be a whole number', 'Write a whole number.'),
  NUMBER_OUT_OF_RANGE: user('is out of range', 'Write a number within the range.'),
  NUMBER_NOT_MULTIPLE: user('is not a multiple', 'Round to a multiple of the step.'),
  LENGTH_OUT_OF_RANGE: user('has the wrong length', 'Change the length of the text.'),
  PATTERN_MISMATCH: user('does not match the pattern', 'Write a text that matches the pattern.'),
  FORMAT_INVALID: user('does not have the right format', 'Write a text in the expected format.'),
  VALUE_NOT_ALLOWED: user('is not one of the allowed values', 'Use one of the allowed values.'),
  VARIANT_UNKNOWN: user('is not a known variant', 'Use one of the allowed values.'),
  VARIANT_MISSING: user('is required, it selects the variant', 'Add the field with one of the allowed values.'),
  ITEM_COUNT_OUT_OF_RANGE: user('has the wrong number of items', 'Change the number of items.'),
  ITEMS_NOT_UNIQUE: user('repeats an item', 'Remove the repeated item.'),
  MAP_KEY_INVALID: user('the key is not valid here', 'Correct the key.'),
  RULE_FAILED: user('breaks a rule', 'Change the field as the message says.'),
  FIELDS_CONFLICT: user('conflicts with another field', 'Remove one of the two fields.'),
  FIELD_NEEDS_OTHER: user('needs another field', 'Add the other field.'),
  REFERENCE_UNKNOWN: user('refers to something that is not declared', 'Declare it, or correct the name.'),
  CONFLICTS_WITH_REQUEST: user("conflicts with the request's own fields", 'Change the field or the request.'),
  SECRET_NOT_ALLOWED: user('secrets do not belong here', 'Remove the secret, and replace it where it is in use.'),
  SECRET_SUSPECTED: warning('looks like a secret', 'Remove it when it is one; secrets do not belong here.'),
  CONFIG_DISABLED: code('operator', 'error', 'is disabled', 'Ask the operator to allow it.'),
  NOT_ALLOWED_BY_OPERATOR: code('operator', 'error', 'is not allowed here', 'Ask the operator to allow it.'),
  EXPERIMENTAL_NOT_ENABLED: code('operator', 'error', 'is experimental', 'Ask the operator to enable it.'),
  RESOURCE_NOT_FOUND: code('environment', 'error', 'does not exist', 'Create it, or correct the name.'),
  RESOURCE_NOT_USABLE: code('environment', 'error', 'cannot be used', 'Repair it, or choose another one.'),
  RESOURCE_CHECK_FAILED: code('environment', 'error', 'could not be looked up', 'Try again.'),
  MIGRATION_NOT_PORTABLE: code(
    'environment',
    'error',
    'only the driver itself can upgrade this block',
    'Write the block for the current version, or leave the upgrade to the driver.',
  ),
  MIGRATION_FAILED: driver('the upgrade failed'),
  MIGRATION_INVALID_OUTPUT: driver('the upgrade gave an invalid block'),
  RULE_THREW: driver('a rule of the driver failed to run'),
  STORED_CONFIG_INVALID: driver('the stored config is not valid'),
  VERSION_DEPRECATED: warning('is deprecated', 'Update the block to a newer version.'),
  FIELD_DEPRECATED: warning('is deprecated', 'Stop using the field.'),
  VALUE_DEPRECATED: warning('is deprecated', 'Use another value.'),
  EXPERIMENTAL_USED: warning('is experimental and may change', 'Expect changes in any release.'),
  MIGRATION_LOSSY: warning('the upgrade could not carry everything over', 'Check the result of the upgrade.'),
  RULE_WOULD_FAIL: warning('will be refused by a later release', 'Change the field as the message says.'),
  SCHEMA_VERSION_MISSING: warning('has no schema_version', 'Add schema_version.'),
} as const satisfies Record<string, IssueCodeEntry>

/** The closed set of machine codes. */
export type IssueCode = keyof typeof issueCodes

/** The anchor of a code on the page of codes: `unknown-field`. */
export function issueCodeAnchor(issueCode: IssueCode): string {
  return issueCode.toLowerCase().replaceAll('_', '-')
}
