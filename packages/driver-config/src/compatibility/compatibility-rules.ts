/** What a difference means for those who wrote documents: `unknown` wants an author's decision. */
export type CompatibilityVerdict = 'ok' | 'warning' | 'break' | 'unknown'

/** What a rule is about: accepted documents, what they mean, the declaration of versions, the types of handlers, or texts. */
export type CompatibilityEffect = 'documents' | 'meaning' | 'versions' | 'handlers' | 'text'

/** A kind of difference: its gravest verdict, what it is about, and what to change. */
export interface CompatibilityRuleEntry {
  readonly verdict: CompatibilityVerdict
  readonly effect: CompatibilityEffect
  /** What an author does about it; empty where there is nothing to do. */
  readonly advice: string
}

const newVersion = 'or declare a new version with a migration.'

const breaks = (advice: string): CompatibilityRuleEntry => ({ verdict: 'break', effect: 'documents', advice })
const changesMeaning = (advice: string): CompatibilityRuleEntry => ({ verdict: 'break', effect: 'meaning', advice })
const changesVersions = (advice: string): CompatibilityRuleEntry => ({ verdict: 'break', effect: 'versions', advice })
const undecided = (advice: string): CompatibilityRuleEntry => ({ verdict: 'unknown', effect: 'documents', advice })
const widens = (advice: string): CompatibilityRuleEntry => ({ verdict: 'warning', effect: 'handlers', advice })
const isFine = (effect: CompatibilityEffect): CompatibilityRuleEntry => ({ verdict: 'ok', effect, advice: '' })

/**
 * Every kind of difference between two releases of a config. The list is closed, ids are never renamed, and the verdict of one
 * change may be milder than that of its rule, never graver, except that what is `unknown` becomes a `break` when a document
 * shows it.
 */
export const compatibilityRules = {
  PROPERTY_REMOVED: breaks(`Keep the field and deprecate it, ${newVersion}`),
  PROPERTY_RENAMED: breaks('Keep the old name, or declare a new version with rename().'),
  REQUIRED_ADDED: breaks(`Make the field optional, ${newVersion}`),
  TYPE_NARROWED: breaks(`Accept the old type as well, ${newVersion}`),
  NULL_REMOVED: breaks(`Keep accepting null, ${newVersion}`),
  ENUM_VALUE_REMOVED: breaks('Keep the value and deprecate it, or declare a new version with mapEnum().'),
  CONST_CHANGED: breaks('Keep the value, or declare a new version with mapEnum().'),
  UNION_BRANCH_REMOVED: breaks(`Keep the branch and deprecate it, ${newVersion}`),
  DISCRIMINATOR_CHANGED: breaks(`Keep the field that selects the branch, ${newVersion}`),
  BOUND_TIGHTENED: breaks(`Keep the bound, ${newVersion}`),
  UNIQUE_ADDED: breaks(`Remove uniqueItems, ${newVersion}`),
  FORMAT_ADDED: breaks(`Remove the format, ${newVersion}`),
  MAP_KEY_TIGHTENED: breaks(`Keep the key pattern, ${newVersion}`),
  OBJECT_CLOSED: breaks(`Go on leaving unknown keys out, ${newVersion}`),
  EXTENSION_BAG_REMOVED: breaks(`Keep the bag of extensions, ${newVersion}`),
  SECRET_ADDED: breaks(`Keep accepting the texts, ${newVersion}`),
  LIMIT_LOWERED: breaks(`Keep the limit, ${newVersion}`),

  DEFAULT_CHANGED: changesMeaning(
    'Keep the default, or declare a new version that writes the old one with setDefault().',
  ),
  DEFAULT_ADDED: changesMeaning(
    'Acknowledge it when the driver treats absence the same way, or declare a new version.',
  ),
  DEFAULT_REMOVED: changesMeaning(
    'Acknowledge it when the driver treats absence the same way, or declare a new version.',
  ),
  UNIT_CHANGED_SAME_NAME: changesMeaning('Keep the unit, or declare a new field with its unit in its name.'),
  STAGE_LOWERED: changesMeaning('Keep the stage; what was stable stays so.'),

  MIN_VERSION_RAISED: changesVersions('Keep reading the version, or state with removed() which release removed it.'),
  REMOVED_WITHOUT_DEPRECATION: changesVersions('Deprecate it first, and remove it in a later release.'),
  UNVERSIONED_BASELINE_CHANGED: changesVersions(
    'Keep "unversioned": blocks without a marker would mean something else.',
  ),
  VERSION_NUMBER_REUSED: changesVersions('Declare the new shape under the next number.'),
  FROZEN_VERSION_EDITED: changesVersions('Restore the released version, and declare a new one.'),
  TOMBSTONE_REMOVED: changesVersions('Restore removed(), so that reports can say where the version went.'),
  MIGRATION_MISSING: changesVersions('Add operations or "up" to the newer version.'),
  MIGRATION_COUNTEREXAMPLE: changesVersions('Correct the migration, so that this document still works.'),

  PATTERN_CHANGED: undecided(`Acknowledge it when no document in use is refused, ${newVersion}`),
  FORMAT_CHANGED: undecided(`Acknowledge it when no document in use is refused, ${newVersion}`),
  OPAQUE_CHANGED: undecided(`Acknowledge it when no document in use is refused, ${newVersion}`),
  SECRET_REMOVED: undecided(`Acknowledge it when the field still holds the name of a secret, ${newVersion}`),
  RULE_CHANGED: undecided(`Acknowledge it when no document in use is refused, ${newVersion}`),
  RULE_ADDED: undecided(`Acknowledge it when no document in use is refused, ${newVersion}`),
  UNDECIDED_CHANGE: undecided(`Acknowledge it when no document in use is refused or read otherwise, ${newVersion}`),

  REQUIRED_DROPPED: widens('Handlers may meet a block without the field.'),
  ENUM_VALUE_ADDED: widens('Handlers that list every value need a case for it.'),
  UNION_BRANCH_ADDED: widens('Handlers that list every branch need a case for it.'),
  TYPE_WIDENED: widens('Handlers may meet a value of another type.'),
  BOUND_LOOSENED: widens('Handlers may meet values beyond the old bound.'),
  CONSTRAINT_DROPPED: widens('Handlers may meet values that were refused.'),
  MAP_KEY_LOOSENED: widens('Handlers may meet keys that were refused.'),

  OPTIONAL_ADDED: isFine('documents'),
  CONSTRAINT_REWRITTEN: isFine('documents'),
  DEFAULT_UNUSED: isFine('documents'),
  STAGE_RAISED: isFine('text'),
  DESCRIPTION_CHANGED: isFine('text'),
  TITLE_CHANGED: isFine('text'),
  EXAMPLE_CHANGED: isFine('text'),
  ORDER_CHANGED: isFine('text'),
  DEPRECATION_CHANGED: isFine('text'),
  ANNOTATION_CHANGED: isFine('text'),
} as const satisfies Readonly<Record<string, CompatibilityRuleEntry>>

/** The id of a kind of difference. */
export type CompatibilityRule = keyof typeof compatibilityRules
